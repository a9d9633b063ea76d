/** Pictures and voice notes: from the phone into a conversation, and from a conversation to eye and ear. */
import { client, files } from './hotline.js';
import type { RowView } from './rows.js';
import { own } from './words.js';

/** contract/attachment.ts, MAX_UPLOAD and MAX_VOICE_SECONDS; a value import would bring the schema library along. */
const MAX_PICTURE = 10 * 1_048_576;
const MAX_VOICE_MS = 300_000;
const LEAST_VOICE_MS = 800;

const say = (title: string) => void wx.showToast({ title, icon: 'none' });

export function sendPicture(conversationId: string, quote: number | undefined) {
  wx.chooseMedia({
    count: 1,
    mediaType: ['image'],
    sizeType: ['compressed'],
    success: ({ tempFiles }) => {
      const [file] = tempFiles;
      if (file === undefined) {
        return;
      }
      if (file.size > MAX_PICTURE) {
        say(own('tooLarge'));
        return;
      }
      const extension = /\.(\w{1,5})$/.exec(file.tempFilePath)?.[1] ?? 'jpg';
      client.send(conversationId, {
        kind: 'file',
        // The phone's own name may tell more than was meant.
        file: {
          kind: 'image',
          body: file.tempFilePath,
          name: `${own('picture')}.${extension}`,
          size: file.size,
        },
        ...(quote === undefined ? {} : { quote }),
      });
    },
    // Given up by the person.
    fail: () => undefined,
  });
}

/** One voice note at a time; `changed` hears whether one is being recorded. */
export function createRecorder(conversationId: () => string, changed: (recording: boolean) => void) {
  const recorder = wx.getRecorderManager();
  let wanted = false;
  recorder.onStart(() => {
    changed(true);
  });
  recorder.onStop(({ tempFilePath, duration, fileSize }) => {
    changed(false);
    if (!wanted) {
      return;
    }
    if (duration < LEAST_VOICE_MS) {
      say(own('recordShort'));
      return;
    }
    const name = `${own('voice')}.mp3`;
    const file = {
      kind: 'voice',
      body: tempFilePath,
      name,
      size: fileSize,
      seconds: duration / 1000,
    } as const;
    client.send(conversationId(), { kind: 'file', file });
  });
  recorder.onError(() => {
    changed(false);
    say(own('recordDenied'));
  });
  return {
    start() {
      wanted = true;
      recorder.start({
        duration: MAX_VOICE_MS,
        format: 'mp3',
        sampleRate: 16_000,
        encodeBitRate: 32_000,
        numberOfChannels: 1,
      });
    },
    /** @param send false = it was not meant */
    stop(send: boolean) {
      wanted = send;
      recorder.stop();
    },
  };
}

let player: WechatMiniprogram.InnerAudioContext | undefined;

/** A tap on a picture, a voice note or a file. */
export async function openAttachment({ body, attachment, local, name }: RowView): Promise<void> {
  if (!['picture', 'voice', 'file'].includes(body) || (attachment === '' && local === '')) {
    return;
  }
  let path: string;
  try {
    path = local === '' ? await files.load(`/api/v1/attachments/${attachment}`) : local;
  } catch {
    say(own('fileFailed'));
    return;
  }
  if (body === 'picture') {
    void wx.previewImage({ urls: [path] });
  } else if (body === 'voice') {
    player?.stop();
    player ??= wx.createInnerAudioContext();
    player.src = path;
    player.play();
  } else {
    const fileType = /\.(docx?|xlsx?|pptx?|pdf)$/i.exec(name)?.[1]?.toLowerCase();
    wx.openDocument({
      filePath: path,
      showMenu: true,
      ...(fileType === undefined ? {} : { fileType: fileType as 'pdf' }),
      fail: () => {
        say(own('fileFailed'));
      },
    });
  }
}
