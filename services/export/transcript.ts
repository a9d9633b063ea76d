/**
 * A conversation as an export reads it: who, when, and its messages as a stream, each with what proves it. Read by
 * ranges of seq, so that memory does not grow with the conversation.
 */
import { createHash } from 'node:crypto';
import type {
  ConversationStatus,
  ConversationType,
  EndCause,
  MessageKind,
  Role,
  SenderType,
} from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import type { DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { attachmentBytes } from '../files/attachment.js';
import { headSeq } from '../message/history.js';
import { canonicalBody, openSealed, type Body } from '../message/seal.js';
import { createMask, type Mask } from './redact.js';

const RANGE = 200;

const PART: Record<Role, SenderType> = {
  VISITOR: 'VISITOR',
  COUNSELOR: 'COUNSELOR',
  SUPERVISOR: 'SUPERVISOR',
  INSTITUTION_ADMINISTRATOR: 'ADMINISTRATOR',
  SYSTEM_ADMINISTRATOR: 'ADMINISTRATOR',
};

export interface Person {
  id: string;
  name: string | null;
  role: SenderType;
}

/** Why a message's words are there or not. */
export type LineState = 'shown' | 'recalled' | 'masked' | 'erased';

export interface Line {
  id: string;
  seq: number;
  kind: MessageKind;
  sender: { id: string | null; name: string | null; type: SenderType };
  /** Epoch milliseconds. */
  time: number;
  state: LineState;
  /** What it says; masked where masked; empty when recalled or erased. */
  body: Body;
  /** The very bytes that the digest is of, where `body` spelt canonically is not them. */
  raw: string | null;
  /** With the body it gives the digest; null when the body is not shown as it was. */
  salt: Buffer | null;
  digest: Buffer;
  link: Buffer;
}

export interface Transcript {
  id: string;
  type: ConversationType;
  status: ConversationStatus;
  institution: string;
  institutionName: string;
  /** Epoch milliseconds. */
  createdTime: number;
  startTime: number | null;
  endTime: number | null;
  endCause: EndCause | null;
  /** Whole seconds. */
  duration: number | null;
  /** Still open: exported as it stood at that moment. */
  open: boolean;
  /** How many messages: 1 to count. */
  count: number;
  participants: Person[];
  redacted: boolean;
  /** The bytes of a file that a shown line carries; null where they are gone. */
  file(line: Line): Promise<Buffer | null>;
  lines(signal: AbortSignal): AsyncGenerator<Line>;
}

export async function openTranscript(
  ctx: Ctx,
  conversation: Conversation,
  options: { redact: boolean },
): Promise<Transcript> {
  const count = await headSeq(ctx, conversation);
  const people = await peopleOf(ctx, conversation);
  const mask = options.redact ? createMask(people.map((person) => person.name)) : null;
  const institution = await ctx.models.Institution.findById(conversation.institution).lean();
  const key = await keyOf(ctx, conversation);
  const shown = people.map((person) => (mask ? { ...person, name: null } : person));
  return {
    id: conversation._id.toHexString(),
    type: conversation.type,
    status: conversation.status,
    institution: conversation.institution,
    institutionName: institution?.name ?? conversation.institution,
    createdTime: conversation.createdAt.getTime(),
    startTime: conversation.startAt?.getTime() ?? null,
    endTime: conversation.endAt?.getTime() ?? null,
    endCause: conversation.endCause,
    duration: conversation.duration,
    open: conversation.endAt === null,
    count,
    participants: shown,
    redacted: options.redact,
    async file({ body, state }) {
      if (!key || !body.attachment || state !== 'shown') return null;
      const bytes = await attachmentBytes(ctx, key, conversation, body.attachment.id);
      // What is not what was sent is not shown as such.
      return bytes && sha256Of(bytes) === body.attachment.sha256 ? bytes : null;
    },
    lines: (signal) =>
      linesOf(ctx, conversation, count, key, new Map(shown.map((each) => [each.id, each])), mask, signal),
  };
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** null when the words were erased: the rows stand, each with its digest. */
async function keyOf(ctx: Ctx, conversation: Conversation): Promise<DataKey | null> {
  try {
    return await ctx.keys.conversation(conversation.key.toHexString());
  } catch (error) {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The parties, and whoever else wrote in it (a former owner, a supervisor who stepped in). */
async function peopleOf(ctx: Ctx, conversation: Conversation): Promise<Person[]> {
  const writers = (await ctx.models.Message.distinct('sender', {
    conversation: conversation._id,
    sender: { $ne: null },
  })) as { toHexString(): string }[];
  const ids = [
    ...new Set(
      [conversation.visitor, conversation.counselor, ...conversation.supervisors, ...writers].flatMap(
        (id) => id?.toHexString() ?? [],
      ),
    ),
  ];
  const users = await ctx.models.User.find({ _id: { $in: ids } }, { name: 1, role: 1 }).lean();
  const userOf = new Map(users.map((user) => [user._id.toHexString(), user]));
  return ids.map((id) => {
    const user = userOf.get(id);
    return { id, name: user?.name ?? null, role: PART[user?.role ?? 'VISITOR'] };
  });
}

async function* linesOf(
  ctx: Ctx,
  conversation: Conversation,
  count: number,
  key: DataKey | null,
  people: Map<string, Person>,
  mask: Mask | null,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  for (let from = 0; from < count; from += RANGE) {
    signal.throwIfAborted();
    const to = Math.min(count, from + RANGE);
    const rows = (await ctx.models.Message.collection
      .find(
        { conversation: conversation._id, seq: { $gt: from, $lte: to } },
        { readConcern: { level: 'majority' } },
      )
      .toArray()) as unknown as Message[];
    rows.sort((a, b) => a.seq - b.seq);
    // A file that leaves a message out must not come to be (I1, I11).
    if (rows.length !== to - from) throw new Error(`transcript ${conversation._id.toHexString()} has a gap`);
    for (const row of rows) yield lineOf(row, key, conversation.institution, people, mask);
  }
}

function lineOf(
  row: Message,
  key: DataKey | null,
  institution: string,
  people: Map<string, Person>,
  mask: Mask | null,
): Line {
  const sender = row.sender?.toHexString() ?? null;
  const head = {
    id: row._id.toHexString(),
    seq: row.seq,
    kind: row.kind,
    sender: {
      id: sender,
      name: sender === null ? null : (people.get(sender)?.name ?? null),
      type: row.senderType,
    },
    time: row.at.getTime(),
    digest: row.digest,
    link: row.link,
  };
  const opened = key && openSealed(key, row, institution);
  if (!opened) {
    // Which event it was stands in clear beside the sealed body.
    const body = {
      ...(row.event === undefined ? {} : { event: row.event }),
      ...(row.ref === undefined ? {} : { ref: row.ref }),
    };
    return { ...head, state: row.recalled ? 'recalled' : 'erased', body, raw: null, salt: null };
  }
  const said = opened.canonical.toString('utf8');
  const body = JSON.parse(said) as Body;
  const masked = mask?.(body);
  if (masked && !canonicalBody(masked).equals(canonicalBody(body)))
    return { ...head, state: 'masked', body: masked, raw: null, salt: null };
  const raw = canonicalBody(body).equals(opened.canonical) ? null : said;
  return { ...head, state: 'shown', body, raw, salt: opened.salt };
}
