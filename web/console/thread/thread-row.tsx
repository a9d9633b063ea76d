/** One line of a thread. Plain elements only: thousands of kit components would make scrolling crawl. */
import { memo, type ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { clock, dayLabel } from '../ui/time.js';
import { serverNow } from '../ui/now.js';
import type { MessageItem, ThreadItem } from './items.js';
import { systemWords } from './words.js';

interface RowProps {
  item: ThreadItem;
  conversation: Conversation | null;
  retry?: ((clientMsgId: string) => void) | undefined;
  discard?: ((clientMsgId: string) => void) | undefined;
}

function contentOf({ message, pending, own }: MessageItem, t: TFunction): ReactNode {
  if (pending) return pending.text;
  if (!message) return null;
  if (message.recalled) {
    const name = message.sender.name ?? t('common.unnamed');
    return <em>{own ? t('thread.recalledMine') : t('thread.recalledBy', { name })}</em>;
  }
  if (message.text !== undefined) return message.text;
  // What this version can't show yet is said, never left out.
  return <em>{t('thread.unknownKind', { kind: message.kind })}</em>;
}

function Delivery({ item, retry, discard }: { item: MessageItem } & Pick<RowProps, 'retry' | 'discard'>) {
  const { t } = useTranslation();
  const { delivery, pending } = item;
  if (delivery === null) return null;
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
      <button type="button" onClick={() => retry?.(pending.clientMsgId)} data-testid="retry">
        {t('thread.resend')}
      </button>
      <button type="button" onClick={() => discard?.(pending.clientMsgId)} data-testid="discard">
        {t('thread.discard')}
      </button>
    </span>
  );
}

function MessageRow({ item, retry, discard }: { item: MessageItem } & Pick<RowProps, 'retry' | 'discard'>) {
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
        {contentOf(item, t)}
      </div>
      <Delivery item={item} retry={retry} discard={discard} />
    </div>
  );
}

function ThreadRowInner({ item, conversation, retry, discard }: RowProps) {
  const { t } = useTranslation();
  return (
    <div className="thread-row">
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
        <MessageRow item={item} retry={retry} discard={discard} />
      )}
    </div>
  );
}

/** Items are made anew with every change; messages are not. So equal fields mean an equal row. */
function sameItem(a: ThreadItem, b: ThreadItem) {
  const keys = Object.keys(a) as (keyof ThreadItem)[];
  return a.type === b.type && keys.every((key) => a[key] === b[key]);
}

export const ThreadRow = memo(
  ThreadRowInner,
  (a, b) =>
    a.conversation === b.conversation &&
    a.retry === b.retry &&
    a.discard === b.discard &&
    sameItem(a.item, b.item),
);
