/** One line of a thread. Plain elements only: thousands of kit components would make scrolling crawl. */
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationView, HotlineClient } from '../../../contract/client.js';
import type { Conversation } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';
import { MessageBody } from '../../shared/message-body.js';
import { Quote, quotedIn } from '../../shared/quote.js';
import { sentenceOf } from '../ui/problem.js';
import { useShareWords } from '../ui/share-words.js';
import { clock, dayLabel } from '../ui/time.js';
import { serverNow } from '../ui/now.js';
import type { MessageItem, ThreadItem } from './items.js';
import { systemWords } from './words.js';

interface RowProps {
  item: ThreadItem;
  conversation: Conversation | null;
  retry?: ((clientMsgId: string) => void) | undefined;
  discard?: ((clientMsgId: string) => void) | undefined;
  /** Of the conversation; what is quoted is looked up in it. */
  view: ConversationView | null;
  client: HotlineClient;
  /** Left out where nothing can be said. */
  onQuote?: ((message: Message) => void) | undefined;
  /** It was looked for and is shown for that. */
  found?: boolean;
}

function Content({ item, view, client }: { item: MessageItem } & Pick<RowProps, 'view' | 'client'>) {
  const { t } = useTranslation();
  const words = useShareWords();
  const { message, pending, own } = item;
  if (message?.recalled) {
    const name = message.sender.name ?? t('common.unnamed');
    return <em>{own ? t('thread.recalledMine') : t('thread.recalledBy', { name })}</em>;
  }
  const shown = message ?? pending;
  if (!shown) return null;
  const nameOf = (said: Message) => said.sender.name ?? t('common.unnamed');
  return (
    <>
      {shown.quote !== undefined && view && (
        <Quote seq={shown.quote} view={view} client={client} words={words} nameOf={nameOf} />
      )}
      <MessageBody
        shown={shown}
        local={pending ? client.fileOf(pending.clientMsgId) : undefined}
        words={words}
        emergency={(text) => <span className="card-lines">{text}</span>}
        // What this version can't show yet is said, never left out.
        fallback={(kind) => <em>{t('thread.unknownKind', { kind })}</em>}
      />
    </>
  );
}

/** Own words may be taken back for two minutes; the server has the last word. */
const RECALL_MS = 120_000;

function Actions({
  message,
  own,
  client,
  onQuote,
}: { message: Message; own: boolean } & Pick<RowProps, 'client' | 'onQuote'>) {
  const words = useShareWords();
  const [problem, setProblem] = useState('');
  return (
    <div className="row-actions" role="group" aria-label={words('actions')}>
      <button type="button" data-testid="quote-it" onClick={() => onQuote?.(message)}>
        {words('quote')}
      </button>
      {own && serverNow() - message.time < RECALL_MS && (
        <button
          type="button"
          data-testid="recall-it"
          onClick={() => {
            client.recall(message.id).catch((error: unknown) => {
              setProblem(sentenceOf(error, words('recallFailed')));
            });
          }}
        >
          {words('recall')}
        </button>
      )}
      {problem !== '' && (
        <span className="is-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

function Delivery({
  item,
  client,
  retry,
  discard,
}: { item: MessageItem } & Pick<RowProps, 'client' | 'retry' | 'discard'>) {
  const { t } = useTranslation();
  const words = useShareWords();
  const { delivery, pending } = item;
  if (delivery === null) return null;
  if (delivery === 'uploading' && pending) {
    const done = pending.file?.progress ?? 0;
    return (
      <span className="delivery upload-state" role="status" data-testid="uploading">
        <progress max={1} value={done} />
        {words('uploading', { percent: Math.floor(done * 100) })}
        <button type="button" onClick={() => discard?.(pending.clientMsgId)} data-testid="cancel-upload">
          {words('cancelUpload')}
        </button>
      </span>
    );
  }
  if (delivery !== 'failed' || !pending) {
    return (
      <span className={`delivery is-${delivery}`} data-testid={`delivery-${delivery}`}>
        {t(`thread.${delivery}`)}
      </span>
    );
  }
  return (
    <span className="delivery is-failed" role="alert" data-testid="delivery-failed">
      <span>
        {t('thread.failed')}
        {pending.error?.message ? `：${pending.error.message}` : ''}
      </span>
      {(pending.file === undefined ||
        pending.attachment !== undefined ||
        client.fileOf(pending.clientMsgId) !== undefined) && (
        <button type="button" onClick={() => retry?.(pending.clientMsgId)} data-testid="retry">
          {t('thread.resend')}
        </button>
      )}
      <button type="button" onClick={() => discard?.(pending.clientMsgId)} data-testid="discard">
        {t('thread.discard')}
      </button>
    </span>
  );
}

function MessageRow({
  item,
  view,
  client,
  retry,
  discard,
  onQuote,
}: { item: MessageItem } & Omit<RowProps, 'conversation'>) {
  const { t } = useTranslation();
  const { message, pending, staff, own, head } = item;
  const time = message?.time ?? pending?.receipt?.time ?? pending?.time ?? 0;
  const name = own ? t('roster.you') : (message?.sender.name ?? t('common.unnamed'));
  return (
    <div
      className={`message ${staff ? 'is-staff' : 'is-visitor'} ${head ? 'is-head' : ''}`}
      data-testid="message"
      data-seq={message?.seq ?? ''}
      data-own={own}
    >
      {head && (
        <div className="message-who">
          <span>{name}</span>
          <time dateTime={new Date(time).toISOString()}>{clock(time)}</time>
        </div>
      )}
      <div
        className={`bubble ${message?.recalled ? 'is-recalled' : ''} ${pending?.state === 'failed' ? 'is-failed' : ''}`}
      >
        <Content item={item} view={view} client={client} />
      </div>
      {onQuote && message && !message.recalled && (
        <Actions message={message} own={own} client={client} onQuote={onQuote} />
      )}
      <Delivery item={item} client={client} retry={retry} discard={discard} />
    </div>
  );
}

function ThreadRowInner({ item, conversation, view, client, retry, discard, onQuote, found }: RowProps) {
  const { t } = useTranslation();
  return (
    <div className={found ? 'thread-row is-found' : 'thread-row'} data-testid={found ? 'found' : undefined}>
      {item.start && <p className="thread-start">{t('thread.start')}</p>}
      {item.day !== null && (
        <p className="thread-day">
          <span>{dayLabel(item.day, serverNow())}</span>
        </p>
      )}
      {item.type === 'system' ? (
        <p className={`thread-system is-${item.message.event ?? 'other'}`} data-testid="system-line">
          <span>{systemWords(item.message, conversation, t)}</span>
          <time dateTime={new Date(item.message.time).toISOString()}>{clock(item.message.time)}</time>
        </p>
      ) : (
        <MessageRow
          item={item}
          view={view}
          client={client}
          retry={retry}
          discard={discard}
          onQuote={onQuote}
        />
      )}
    </div>
  );
}

/** Items are made anew with every change; messages are not. So equal fields mean an equal row. */
function sameItem(a: ThreadItem, b: ThreadItem) {
  const keys = Object.keys(a) as (keyof ThreadItem)[];
  return a.type === b.type && keys.every((key) => a[key] === b[key]);
}

/** Only a line that answers another one looks at the rest of the conversation. */
function sameQuoted(a: RowProps, b: RowProps) {
  const seq = a.item.type === 'message' ? (a.item.message ?? a.item.pending)?.quote : undefined;
  if (seq === undefined || a.view === b.view) return true;
  return (a.view && quotedIn(a.view, seq)) === (b.view && quotedIn(b.view, seq));
}

export const ThreadRow = memo(
  ThreadRowInner,
  (a, b) =>
    a.conversation === b.conversation &&
    a.retry === b.retry &&
    a.discard === b.discard &&
    a.onQuote === b.onQuote &&
    a.found === b.found &&
    sameQuoted(a, b) &&
    sameItem(a.item, b.item),
);
