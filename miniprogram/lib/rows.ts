/** The lines of a conversation as data of a page: a day, a system word, a bubble, and how far our own came. */
import type { ConnectionState, ConversationView, PendingMessage, Row } from '../../contract/client.js';
import type { Message } from '../../contract/message.js';
import { clock, day, sameDay, sizeWords } from './format.js';
import { nameOf } from './people.js';
import { own, systemWords, t } from './words.js';

export interface RowView {
  key: string;
  /** An id of WXML, to scroll to. */
  id: string;
  side: 'own' | 'other' | 'system';
  first: boolean;
  last: boolean;
  /** '' = the day does not begin here. */
  day: string;
  sender: string;
  body: 'text' | 'picture' | 'voice' | 'file' | 'card' | 'recalled';
  text: string;
  /** The words of the quoted message; '' = none is quoted. */
  quote: string;
  attachment: string;
  /** A path on the phone, of a file that has not arrived yet. */
  local: string;
  name: string;
  about: string;
  width: number;
  height: number;
  meta: string;
  read: boolean;
  /** What went wrong; '' = nothing did. */
  error: string;
  clientMsgId: string;
  messageId: string;
  seq: number;
}

const GROUP_GAP = 5 * 60_000;
/** Longest side of a picture in the list, in px. */
const LARGEST = 200;
const SMALLEST = 72;

const timeOf = (row: Row) => ('message' in row ? row.message.time : row.pending.time);
const senderOf = (row: Row, me: string) =>
  'pending' in row ? me : row.message.kind === 'system' ? 'system' : row.message.sender.id;

const inShort: Partial<Record<Message['kind'], string>> = {
  image: own('kindImage'),
  file: own('kindFile'),
  voice: own('kindVoice'),
};

export const wordsOf = (message: Message): string =>
  message.recalled === true ? t('recalled') : (inShort[message.kind] ?? message.text ?? t('kindOther'));

function quoteOf(seq: number | undefined, view: ConversationView): string {
  if (seq === undefined) {
    return '';
  }
  const found = view.messages.find((message) => message.seq === seq) ?? view.quoted[seq];
  return found === undefined || found === null ? own('quoteLost') : wordsOf(found).slice(0, 80);
}

const BODIES: Partial<Record<Message['kind'], RowView['body']>> = {
  image: 'picture',
  voice: 'voice',
  file: 'file',
  card: 'card',
};

function roomOf(width = LARGEST, height = LARGEST) {
  const scale = Math.min(1, LARGEST / width, LARGEST / height);
  return {
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(SMALLEST, Math.round(height * scale)),
  };
}

type Body = Pick<
  RowView,
  'body' | 'text' | 'quote' | 'attachment' | 'local' | 'name' | 'about' | 'width' | 'height'
>;

function bodyOf(message: Message, view: ConversationView): Body {
  const { attachment, recalled } = message;
  const body = BODIES[message.kind] ?? 'text';
  // Of Tencent's media there is no file of ours.
  const lost = body !== 'text' && body !== 'card' && attachment === undefined;
  const seconds = Math.max(1, Math.round(attachment?.seconds ?? 0));
  return {
    body: recalled === true ? 'recalled' : lost ? 'text' : body,
    text: recalled === true || lost ? wordsOf(message) : (message.text ?? cardWords(message)),
    quote: recalled === true ? '' : quoteOf(message.quote, view),
    attachment: attachment?.id ?? '',
    local: '',
    name: attachment?.name ?? '',
    about: message.kind === 'voice' ? own('seconds', { seconds }) : sizeWords(attachment?.size ?? 0),
    ...roomOf(attachment?.width, attachment?.height),
  };
}

function cardWords({ kind, data }: Message): string {
  if (kind !== 'card') {
    return '';
  }
  const title = data?.['title'];
  return data?.['type'] === 'questionnaire' && typeof title === 'string'
    ? own('cardQuestionnaire', { title })
    : own('cardEmergency');
}

function pendingBody(pending: PendingMessage, view: ConversationView, local: string): Body {
  const { kind, text, file } = pending;
  return {
    body: BODIES[kind] ?? 'text',
    text,
    quote: quoteOf(pending.quote, view),
    attachment: '',
    local,
    name: file?.name ?? '',
    about:
      file === undefined
        ? ''
        : kind === 'voice'
          ? own('seconds', { seconds: Math.max(1, Math.round(file.seconds ?? 0)) })
          : sizeWords(file.size),
    ...roomOf(),
  };
}

function pendingMeta({ state, file }: PendingMessage, connection: ConnectionState): string {
  if (state === 'uploading') {
    return own('uploading', { percent: Math.round((file?.progress ?? 0) * 100) });
  }
  const away = connection === 'offline' || connection === 'reconnecting';
  return state === 'sent' ? t('sent') : away ? t('sendingOffline') : t('sending');
}

export interface Around {
  me: string;
  connection: ConnectionState;
  /** False in a transcript: how far a line came is no news there. */
  live: boolean;
  /** Paths of pending files, by clientMsgId. */
  local: (clientMsgId: string) => string;
}

/** @param shown how many of the newest lines; older ones join as the reader goes up */
export function rowViews(view: ConversationView, around: Around, shown: number): RowView[] {
  const { me, live } = around;
  const from = Math.max(0, view.rows.length - shown);
  const readTo = Math.max(0, ...Object.entries(view.reads).flatMap(([id, seq]) => (id === me ? [] : [seq])));
  const lastOwn =
    live && view.pending.length === 0
      ? view.messages.reduce((seq, message) => (message.sender.id === me ? message.seq : seq), 0)
      : 0;
  return view.rows.slice(from).flatMap((row, index): RowView[] => {
    const before = view.rows[from + index - 1];
    const after = view.rows[from + index + 1];
    const time = timeOf(row);
    const joins = (other: Row | undefined) =>
      other !== undefined &&
      senderOf(other, me) === senderOf(row, me) &&
      sameDay(timeOf(other), time) &&
      Math.abs(timeOf(other) - time) < GROUP_GAP;
    const common = {
      key: row.key,
      id: `row-${row.key.replace(/[^A-Za-z0-9_-]/g, '_')}`,
      first: !joins(before),
      last: !joins(after),
      day: before === undefined || !sameDay(timeOf(before), time) ? day(time) : '',
    };
    if ('pending' in row) {
      const { pending } = row;
      return [
        {
          ...common,
          ...NOTHING,
          ...pendingBody(pending, view, around.local(pending.clientMsgId)),
          side: 'own',
          meta: pendingMeta(pending, around.connection),
          error: pending.state === 'failed' ? (pending.error?.message ?? t('failed')) : '',
          clientMsgId: pending.clientMsgId,
        },
      ];
    }
    const { message } = row;
    if (message.kind === 'system') {
      const text = systemWords(message, view.conversation);
      return text === null && common.day === ''
        ? []
        : [{ ...common, ...NOTHING, side: 'system', text: text ?? '', seq: message.seq }];
    }
    const mine = message.sender.id !== null && message.sender.id === me;
    const read = mine && message.seq <= readTo;
    const state = message.seq === lastOwn ? ` ${t(read ? 'read' : 'sent')}` : '';
    return [
      {
        ...common,
        ...NOTHING,
        ...bodyOf(message, view),
        side: mine ? 'own' : 'other',
        sender:
          mine || !common.first ? '' : (message.sender.name ?? nameOf(view.conversation?.counselor ?? null)),
        meta: common.last || state !== '' ? `${clock(time)}${state}` : '',
        read: read && state !== '',
        messageId: message.id,
        seq: message.seq,
      },
    ];
  });
}

const NOTHING = {
  sender: '',
  body: 'text' as const,
  text: '',
  quote: '',
  attachment: '',
  local: '',
  name: '',
  about: '',
  width: 0,
  height: 0,
  meta: '',
  read: false,
  error: '',
  clientMsgId: '',
  messageId: '',
  seq: 0,
};
