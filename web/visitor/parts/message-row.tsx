/** One line of a conversation: a day, a system word, a bubble, and under our own how far it came. */
import { useState } from 'react';
import type { Conversation } from '../../../contract/conversation.js';
import type { Message, MessageSender } from '../../../contract/message.js';
import type { ConnectionState, ConversationView, PendingMessage, Row } from '../../../contract/client.js';
import { MessageBody } from '../../shared/message-body.js';
import { Quote } from '../../shared/quote.js';
import { client } from '../hotline.js';
import { t, words } from '../text.js';
import { CrisisLines } from './emergency.js';
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

function nameOfSender(sender: MessageSender | undefined, conversation: Conversation | null) {
  return sender?.name ?? nameOf(conversation?.counselor ?? null);
}

/** Who said what is quoted. */
export const nameOfSaid = (said: Message, me: string | undefined, conversation: Conversation | null) =>
  said.sender.id === me ? t('you') : nameOfSender(said.sender, conversation);

function PendingState({ pending, connection }: { pending: PendingMessage; connection: ConnectionState }) {
  if (pending.state === 'failed') {
    return (
      <div className="meta failed" role="alert">
        <Icon name="alert" />
        <span>{pending.error?.message ?? t('failed')}</span>
        {(pending.file === undefined ||
          pending.attachment !== undefined ||
          client.fileOf(pending.clientMsgId) !== undefined) && (
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
        )}
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
  if (pending.state === 'uploading') {
    const done = pending.file?.progress ?? 0;
    return (
      <div className="meta upload-state" role="status" data-testid="uploading">
        <progress max={1} value={done} />
        <span>{words('uploading', { percent: Math.floor(done * 100) })}</span>
        <button
          type="button"
          className="link"
          data-testid="cancel-upload"
          onClick={() => {
            client.discard(pending.clientMsgId);
          }}
        >
          {words('cancelUpload')}
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

/** Own words may be taken back for two minutes; the server has the last word. */
const RECALL_MS = 120_000;

function Actions({
  message,
  own,
  onQuote,
}: {
  message: Message;
  own: boolean;
  onQuote: (message: Message) => void;
}) {
  const [problem, setProblem] = useState('');
  const now = Date.now() + client.getState().clockOffset;
  return (
    <div className="row-actions" role="group" aria-label={words('actions')}>
      <button
        type="button"
        data-testid="quote-it"
        onClick={() => {
          onQuote(message);
        }}
      >
        {words('quote')}
      </button>
      {own && now - message.time < RECALL_MS && (
        <button
          type="button"
          data-testid="recall-it"
          onClick={() => {
            client.recall(message.id).catch((error: unknown) => {
              setProblem(
                error instanceof Error && error.message !== '' ? error.message : words('recallFailed'),
              );
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

function Body({ row }: { row: Row }) {
  const pending = 'pending' in row ? row.pending : undefined;
  const message = 'message' in row ? row.message : undefined;
  const shown = message ?? pending;
  if (message?.recalled === true) {
    return <>{t('recalled')}</>;
  }
  if (shown === undefined) {
    return null;
  }
  return (
    <MessageBody
      shown={shown}
      local={pending === undefined ? undefined : client.fileOf(pending.clientMsgId)}
      words={words}
      emergency={() => <CrisisLines />}
      fallback={() => t('kindOther')}
    />
  );
}

export interface RowProps {
  row: Row;
  before: Row | undefined;
  after: Row | undefined;
  me: string | undefined;
  view: ConversationView;
  connection: ConnectionState;
  onQuote: ((message: Message) => void) | undefined;
  /** Highest seq that has arrived at the other side. */
  receivedTo: number;
  /** Highest seq that the other side has read. */
  readTo: number;
  /** Seq of the newest own message, which alone shows how far it came. */
  lastOwn: number;
}

export function MessageRow(props: RowProps) {
  const { row, before, after, me, view, connection, onQuote, readTo, receivedTo, lastOwn } = props;
  const { conversation } = view;
  const [active, setActive] = useState(false);
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
  const said = system ? systemWords(row.message, conversation) : null;
  const quote = ('message' in row ? row.message : row.pending).quote;
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
        said !== null && <div className="system-line">{said}</div>
      ) : (
        <div className={active ? 'bubble-line is-active' : 'bubble-line'}>
          {first && (
            <span className={own ? 'hidden' : 'sender'}>
              {own ? t('you') : nameOfSender('message' in row ? row.message.sender : undefined, conversation)}
            </span>
          )}
          {/* A tap shows what can be done; by keyboard the buttons are reached without it. */}
          <div
            className={`bubble ${'message' in row && row.message.recalled === true ? 'recalled' : ''}`}
            onClick={() => {
              setActive(!active);
            }}
          >
            {quote !== undefined && (
              <Quote
                seq={quote}
                view={view}
                client={client}
                words={words}
                nameOf={(said) => nameOfSaid(said, me, conversation)}
              />
            )}
            <Body row={row} />
          </div>
          {onQuote !== undefined && 'message' in row && row.message.recalled !== true && (
            <Actions message={row.message} own={own} onQuote={onQuote} />
          )}
          {'pending' in row ? (
            <PendingState pending={row.pending} connection={connection} />
          ) : (
            (last || row.message.seq === lastOwn) && (
              <div className="meta">
                <time dateTime={new Date(time).toISOString()}>{clock(time)}</time>
                {own && row.message.seq === lastOwn && (
                  <span className={row.message.seq <= readTo ? 'read' : ''}>
                    {row.message.seq <= readTo
                      ? t('read')
                      : row.message.seq <= receivedTo
                        ? t('received')
                        : t('sent')}
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
