/** One line of a conversation: a day, a system word, a bubble, and under our own how far it came. */
import type { Conversation } from '../../../contract/conversation.js';
import type { Message, MessageSender } from '../../../contract/message.js';
import type { ConnectionState, PendingMessage, Row } from '../../../contract/client.js';
import { client } from '../hotline.js';
import { t } from '../text.js';
import { clock, day, sameDay } from './format.js';
import { Icon } from './icons.js';
import { nameOf } from './person.js';
import { systemWords } from './system-words.js';

const GROUP_GAP = 5 * 60_000;

const timeOf = (row: Row) => ('message' in row ? row.message.time : row.pending.time);
const senderOf = (row: Row, me: string | undefined) =>
  'pending' in row ? me : row.message.kind === 'system' ? 'system' : row.message.sender.id;
export const isOwn = (row: Row, me: string | undefined) =>
  'pending' in row || (row.message.sender.id !== null && row.message.sender.id === me);

function bodyOf(message: Message): string {
  if (message.recalled === true) {
    return t('recalled');
  }
  const words: Partial<Record<Message['kind'], string>> = {
    image: t('kindImage'),
    file: t('kindFile'),
    voice: t('kindVoice'),
  };
  return words[message.kind] ?? message.text ?? t('kindOther');
}

function nameOfSender(sender: MessageSender | undefined, conversation: Conversation | null) {
  return sender?.name ?? nameOf(conversation?.counselor ?? null);
}

function PendingState({ pending, connection }: { pending: PendingMessage; connection: ConnectionState }) {
  if (pending.state === 'failed') {
    return (
      <div className="meta failed" role="alert">
        <Icon name="alert" />
        <span>{pending.error?.message ?? t('failed')}</span>
        <button
          type="button"
          className="link"
          data-testid="resend"
          onClick={() => {
            client.retry(pending.clientMsgId);
          }}
        >
          {t('resend')}
        </button>
        <button
          type="button"
          className="link"
          data-testid="discard"
          onClick={() => {
            client.discard(pending.clientMsgId);
          }}
        >
          {t('discard')}
        </button>
      </div>
    );
  }
  const offline = connection === 'offline' || connection === 'reconnecting';
  return (
    <div className="meta">
      {pending.state === 'sent' ? t('sent') : offline ? t('sendingOffline') : t('sending')}
    </div>
  );
}

export interface RowProps {
  row: Row;
  before: Row | undefined;
  after: Row | undefined;
  me: string | undefined;
  conversation: Conversation | null;
  connection: ConnectionState;
  /** Highest seq that the other side has read. */
  readTo: number;
  /** Seq of the newest own message, which alone shows how far it came. */
  lastOwn: number;
}

export function MessageRow({ row, before, after, me, conversation, connection, readTo, lastOwn }: RowProps) {
  const time = timeOf(row);
  const newDay = before === undefined || !sameDay(timeOf(before), time);
  const system = 'message' in row && row.message.kind === 'system';
  const own = isOwn(row, me);
  const joins = (other: Row | undefined) =>
    other !== undefined &&
    senderOf(other, me) === senderOf(row, me) &&
    sameDay(timeOf(other), time) &&
    Math.abs(timeOf(other) - time) < GROUP_GAP;
  const first = !joins(before);
  const last = !joins(after);
  const words = system ? systemWords(row.message, conversation) : null;
  return (
    <div
      className={`row ${system ? 'system' : own ? 'own' : 'other'} ${first ? 'first' : ''} ${last ? 'last' : ''}`}
      data-testid="message"
      data-seq={'message' in row ? row.message.seq : undefined}
      data-state={'pending' in row ? row.pending.state : 'stored'}
      data-own={own}
    >
      {newDay && (
        <div className="day">
          <span>{day(time)}</span>
        </div>
      )}
      {system ? (
        words !== null && <div className="system-line">{words}</div>
      ) : (
        <div className="bubble-line">
          {first && (
            <span className={own ? 'hidden' : 'sender'}>
              {own ? t('you') : nameOfSender('message' in row ? row.message.sender : undefined, conversation)}
            </span>
          )}
          <div className={`bubble ${'message' in row && row.message.recalled === true ? 'recalled' : ''}`}>
            {'message' in row ? bodyOf(row.message) : row.pending.text}
          </div>
          {'pending' in row ? (
            <PendingState pending={row.pending} connection={connection} />
          ) : (
            (last || row.message.seq === lastOwn) && (
              <div className="meta">
                <time dateTime={new Date(time).toISOString()}>{clock(time)}</time>
                {own && row.message.seq === lastOwn && (
                  <span className={row.message.seq <= readTo ? 'read' : ''}>
                    {row.message.seq <= readTo ? t('read') : t('sent')}
                  </span>
                )}
              </div>
            )
          )}
        </div>
      )}
    </div>
  );
}
