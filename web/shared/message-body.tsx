/** What a message shows besides plain words: a picture, a voice note, a file. Plain elements, for both pages. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Attachment } from '../../contract/attachment.js';
import type { LocalFile, PendingMessage } from '../../contract/client.js';
import type { Message } from '../../contract/message.js';
import { useFile } from './files.js';
import type { ShareWords } from './share-words.js';

const LARGEST = 220;
const SMALLEST = 72;

export const sizeWords = (bytes: number): string =>
  bytes < 1024
    ? `${String(bytes)} B`
    : bytes < 1_048_576
      ? `${(bytes / 1024).toFixed(0)} KB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** Its room is known before it is loaded, so that the list does not jump. */
function roomOf({ width = LARGEST, height = LARGEST }: Partial<Attachment>) {
  const scale = Math.min(1, LARGEST / width, LARGEST / height);
  return { width: Math.max(SMALLEST, width * scale), height: Math.max(SMALLEST, height * scale) };
}

function Viewer({
  path,
  name,
  words,
  onClose,
}: {
  path: string;
  name: string;
  words: ShareWords;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { url, failed, retry } = useFile(path);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="picture-viewer"
      aria-label={name}
      data-testid="picture-viewer"
      onClose={onClose}
      onClick={() => dialog.current?.close()}
    >
      {url !== null && <img src={url} alt={name} />}
      {failed && (
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            retry();
          }}
        >
          {words('fileFailed')}
        </button>
      )}
      <button type="button" className="picture-close" aria-label={words('close')}>
        ✕
      </button>
    </dialog>
  );
}

function Picture({
  attachment,
  local,
  words,
}: {
  attachment: Attachment | undefined;
  local: Blob | undefined;
  words: ShareWords;
}) {
  const [open, setOpen] = useState(false);
  const path = attachment === undefined ? null : `/api/v1/attachments/${attachment.id}`;
  const { url, failed, retry } = useFile(path === null ? null : `${path}/thumb`, local);
  const name = attachment?.name ?? words('picture');
  return (
    <>
      <button
        type="button"
        className="picture"
        style={roomOf(attachment ?? {})}
        aria-label={failed ? words('fileFailed') : `${words('openPicture')} ${name}`}
        data-testid="picture"
        onClick={() => {
          if (failed) retry();
          else if (path !== null) setOpen(true);
        }}
      >
        {url !== null ? <img src={url} alt={name} /> : failed ? <span>{words('fileFailed')}</span> : null}
      </button>
      {open && path !== null && (
        <Viewer
          path={path}
          name={name}
          words={words}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function Voice({
  path,
  local,
  seconds,
  words,
}: {
  path: string | null;
  local: Blob | undefined;
  seconds: number;
  words: ShareWords;
}) {
  const [wanted, setWanted] = useState(false);
  const [playing, setPlaying] = useState(false);
  const audio = useRef<HTMLAudioElement>(null);
  // Nothing is fetched before somebody wants to hear it.
  const { url, failed, retry } = useFile(wanted ? path : null, wanted ? local : undefined);
  useEffect(() => {
    if (url !== null && wanted) audio.current?.play().catch(() => undefined);
  }, [url, wanted]);
  const press = () => {
    if (failed) retry();
    else if (!wanted) setWanted(true);
    else if (playing) audio.current?.pause();
    else audio.current?.play().catch(() => undefined);
  };
  const length = Math.max(1, Math.round(seconds));
  return (
    <button
      type="button"
      className={playing ? 'voice is-playing' : 'voice'}
      style={{ width: 88 + Math.min(120, length * 4) }}
      aria-label={
        failed ? words('fileFailed') : playing ? words('pause') : words('play', { seconds: length })
      }
      data-testid="voice"
      data-playing={playing}
      onClick={press}
    >
      <span className="voice-waves" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{failed ? words('fileFailed') : words('seconds', { seconds: length })}</span>
      {url !== null && (
        // A voice note has no captions to show.
        <audio
          ref={audio}
          src={url}
          onPlay={() => {
            setPlaying(true);
          }}
          onPause={() => {
            setPlaying(false);
          }}
          onEnded={() => {
            setPlaying(false);
          }}
        />
      )}
    </button>
  );
}

function FileRow({
  path,
  name,
  size,
  words,
}: {
  path: string | null;
  name: string;
  size: number;
  words: ShareWords;
}) {
  const [wanted, setWanted] = useState(0);
  const { url, failed, retry } = useFile(wanted > 0 ? path : null);
  const save = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (url !== null && wanted > 0) save.current?.click();
  }, [url, wanted]);
  return (
    <span className="file-row">
      <button
        type="button"
        disabled={path === null}
        aria-label={words('download', { name })}
        data-testid="file"
        onClick={() => {
          if (failed) retry();
          else setWanted((count) => count + 1);
        }}
      >
        <strong>{name}</strong>
        <small>{failed ? words('fileFailed') : sizeWords(size)}</small>
      </button>
      {url !== null && <a ref={save} href={url} download={name} hidden aria-hidden="true" tabIndex={-1} />}
    </span>
  );
}

interface Shown {
  kind: Message['kind'];
  text?: string | undefined;
  attachment?: Attachment | undefined;
  data?: Message['data'];
  file?: PendingMessage['file'];
}

/**
 * @param local the file itself where it has not arrived yet
 * @param emergency how the page shows crisis lines
 */
export function MessageBody({
  shown,
  local,
  words,
  emergency,
  fallback,
}: {
  shown: Shown;
  local?: LocalFile | undefined;
  words: ShareWords;
  emergency: (text: string) => ReactNode;
  fallback: (kind: Message['kind']) => ReactNode;
}) {
  const { kind, text, attachment, data, file } = shown;
  const path = attachment === undefined ? null : `/api/v1/attachments/${attachment.id}`;
  const blob = attachment === undefined ? (local?.body as Blob | undefined) : undefined;
  const elsewhere = data?.['source'] === 'tencent' ? data['url'] : undefined;
  if (typeof elsewhere === 'string') {
    return (
      <>
        {text}{' '}
        <a href={elsewhere} target="_blank" rel="noreferrer noopener">
          {words('elsewhere')}
        </a>
      </>
    );
  }
  switch (kind) {
    case 'image':
      return (
        <>
          {(attachment !== undefined || blob !== undefined) && (
            <Picture attachment={attachment} local={blob} words={words} />
          )}
          {attachment === undefined && blob === undefined && words('kindImage')}
          {text !== undefined && text !== '' && <span className="caption">{text}</span>}
        </>
      );
    case 'voice':
      return (
        <Voice path={path} local={blob} seconds={attachment?.seconds ?? file?.seconds ?? 0} words={words} />
      );
    case 'file':
      return (
        <>
          <FileRow
            path={path}
            name={attachment?.name ?? file?.name ?? words('kindFile')}
            size={attachment?.size ?? file?.size ?? 0}
            words={words}
          />
          {text !== undefined && text !== '' && <span className="caption">{text}</span>}
        </>
      );
    case 'emoji':
      return <span className="big-emoji">{text}</span>;
    case 'card':
      return data?.['card'] === 'questionnaire' ? (
        <span className="message-card">{words('cardQuestionnaire', { title: text ?? '' })}</span>
      ) : (
        <span className="message-card" data-testid="card">
          <strong>{words('cardEmergency')}</strong>
          {emergency(text ?? '')}
        </span>
      );
    default:
      return <>{text ?? fallback(kind)}</>;
  }
}
