/** Voice notes: what the browser can record, with the seconds it took. */
export interface Recording {
  blob: Blob;
  seconds: number;
  name: string;
}

export interface Recorder {
  /** null when it was too short. */
  stop(): Promise<Recording | null>;
  cancel(): void;
}

/** contract/attachment.ts, MAX_VOICE_SECONDS; a value import would bring the schema library along. */
export const MAX_SECONDS = 300;
const MIN_SECONDS = 0.6;
/** The server knows all of these by content; Safari has the last one only. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' &&
  typeof (navigator as { mediaDevices?: unknown }).mediaDevices !== 'undefined';

/** @throws DOMException when the person, or the page's address, does not allow it */
export async function startRecording(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType === undefined ? {} : { mimeType }),
    audioBitsPerSecond: 32_000,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => {
    parts.push(data);
  };
  const began = performance.now();
  recorder.start(1000);
  const release = () => {
    for (const track of stream.getTracks()) {
      track.stop();
    }
  };
  return {
    stop: () =>
      new Promise((resolve) => {
        const seconds = Math.min(MAX_SECONDS, Math.round((performance.now() - began) / 100) / 10);
        recorder.onstop = () => {
          release();
          const type = recorder.mimeType.split(';')[0] ?? '';
          const blob = new Blob(parts, { type });
          resolve(seconds < MIN_SECONDS || blob.size === 0 ? null : { blob, seconds, name: 'voice' });
        };
        recorder.stop();
      }),
    cancel() {
      recorder.stop();
      release();
    },
  };
}
