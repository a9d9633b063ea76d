/** Beside the words: emoji, picture, file, voice note. Plain elements, for both pages. */
import { useEffect, useRef, useState } from 'react';
import type { LocalFile } from '../../contract/client.js';
import { EMOJI } from './emoji.js';
import { canRecord, MAX_SECONDS, startRecording, type Recorder } from './recorder.js';
import type { ShareWords } from './share-words.js';

/** contract/attachment.ts, MAX_UPLOAD; a value import would bring the schema library along. */
const MAX_MB = { image: 10, file: 20, voice: 5 } as const;
const PICTURES = ['image/jpeg', 'image/png', 'image/webp'];

const PATHS = {
  emoji: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9v.01',
  file: 'M14 3H6v18h12V7zM14 3v4h4',
  voice: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
} as const;
const Glyph = ({ name }: { name: keyof typeof PATHS }) => (
  <svg
    className="icon"
    viewBox="0 0 24 24"
    width="22"
    height="22"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.7"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={PATHS[name]} />
  </svg>
);

/** What a chosen, dropped or pasted file is sent as, or why not. */
export function asLocalFile(file: File, words: ShareWords): LocalFile | string {
  const kind = PICTURES.includes(file.type) ? 'image' : 'file';
  if (file.size > MAX_MB[kind] * 1_048_576) {
    return words('tooLarge', { name: file.name, mb: MAX_MB[kind] });
  }
  return { kind, body: file, name: file.name, size: file.size };
}

function Recording({
  recorder,
  words,
  onSend,
  onCancel,
}: {
  recorder: Recorder;
  words: ShareWords;
  onSend: () => void;
  onCancel: () => void;
}) {
  const [seconds, setSeconds] = useState(0);
  const send = useRef(onSend);
  send.current = onSend;
  useEffect(() => {
    const timer = setInterval(() => {
      setSeconds((count) => count + 1);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [recorder]);
  useEffect(() => {
    if (seconds >= MAX_SECONDS) send.current();
  }, [seconds]);
  const time = `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <div className="recording" data-testid="recording">
      <span role="status">{words('recording', { time })}</span>
      <button type="button" data-testid="record-cancel" onClick={onCancel}>
        {words('recordCancel')}
      </button>
      <button type="button" className="record-send" data-testid="record-send" onClick={onSend}>
        {words('recordSend')}
      </button>
    </div>
  );
}

export function ComposerTools({
  words,
  onEmoji,
  onFile,
  onProblem,
}: {
  words: ShareWords;
  onEmoji: (emoji: string) => void;
  onFile: (file: LocalFile) => void;
  onProblem: (sentence: string) => void;
}) {
  const [emojiOpen, setEmojiOpen] = useState(false);
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const running = useRef<Recorder | null>(null);
  running.current = recorder;
  // Leaving the conversation lets the microphone go.
  useEffect(() => () => running.current?.cancel(), []);

  const choose = (list: FileList | null) => {
    for (const file of list ?? []) {
      const local = asLocalFile(file, words);
      if (typeof local === 'string') onProblem(local);
      else onFile(local);
    }
  };
  const record = () => {
    if (!canRecord()) {
      onProblem(words('recordMissing'));
      return;
    }
    startRecording().then(setRecorder, () => {
      onProblem(words('recordDenied'));
    });
  };
  const finish = async () => {
    const recording = await recorder?.stop();
    setRecorder(null);
    if (recording == null) onProblem(words('recordShort'));
    else {
      const { blob, seconds, name } = recording;
      onFile({ kind: 'voice', body: blob, name, size: blob.size, seconds });
    }
  };

  if (recorder !== null) {
    return (
      <Recording
        recorder={recorder}
        words={words}
        onSend={() => void finish()}
        onCancel={() => {
          recorder.cancel();
          setRecorder(null);
        }}
      />
    );
  }
  const tool = (name: keyof typeof PATHS, press: () => void, expanded?: boolean) => (
    <button
      type="button"
      aria-label={words(name)}
      title={words(name)}
      aria-expanded={expanded}
      data-testid={`tool-${name}`}
      onClick={press}
    >
      <Glyph name={name} />
    </button>
  );
  return (
    <div className="tools" role="group" aria-label={words('tools')}>
      {tool(
        'emoji',
        () => {
          setEmojiOpen(!emojiOpen);
        },
        emojiOpen,
      )}
      {tool('picture', () => pictures.current?.click())}
      {tool('file', () => files.current?.click())}
      {tool('voice', record)}
      <input
        ref={pictures}
        type="file"
        accept={PICTURES.join(',')}
        multiple
        hidden
        data-testid="pick-picture"
        onChange={(event) => {
          choose(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      <input
        ref={files}
        type="file"
        accept=".pdf,.doc,.docx,.xls,.xlsx,.txt,.csv,.mp3,.m4a,.wav,.mp4,.webm"
        hidden
        data-testid="pick-file"
        onChange={(event) => {
          choose(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      {emojiOpen && (
        <div className="emoji-panel" data-testid="emoji-panel">
          {EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              onClick={() => {
                onEmoji(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
