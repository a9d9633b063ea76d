/**
 * Finds words in what was said. Nothing said is indexed in clear: a search opens messages, newest first, and stops
 * at its bounds with a place from which the next call goes on (design.md, "Search and filters").
 */
import type { Types } from 'mongoose';
import type {
  FoundHere,
  FoundOwn,
  OwnHit,
  SearchConversation,
  SearchHit,
  SearchOwn,
} from '../../contract/search.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { bodyKey, headSeq, rowsBetween } from './history.js';
import { namesOf } from './names.js';
import { auditReading } from './reading.js';
import { openBody } from './seal.js';

/** Of one call. */
interface Bounds {
  /** Messages opened. */
  messages: number;
  /** Milliseconds. */
  time: number;
  hits: number;
}
const BOUNDS: Bounds = { messages: 20_000, time: 2_000, hits: 50 };
/** Messages read and opened in one go; the others of this node have their turn between two of them. */
const PAGE = 500;
/** Own sessions that one call can come past. */
const MOST_SESSIONS = 2_000;
/** How much stands around what was found, in UTF-16 units. */
const AROUND = { before: 24, after: 60 };

type Searched = Pick<Conversation, '_id' | 'key' | 'institution' | 'lastSeq'>;
type Piece = Pick<SearchHit, 'before' | 'match' | 'after'>;

interface Found {
  row: Message;
  piece: Piece;
}

/** What is left of a call's bounds. */
interface Budget {
  messages: number;
  until: number;
  hits: number;
}

const budgetOf = (ctx: Ctx, { messages, time, hits }: Bounds): Budget => ({
  messages,
  until: ctx.clock.monotonic() + time,
  hits,
});
const isSpent = (ctx: Ctx, { messages, until, hits }: Budget) =>
  messages <= 0 || hits <= 0 || ctx.clock.monotonic() >= until;

/** In one case and width, unit for unit, so that a place in it is a place in what was written. */
function folded(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) - 0xfee0));
  const lower = narrow.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(narrow, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  }).join('');
}

/** @param wanted folded @returns null when it is not in there */
function pieceOf(text: string, wanted: string): Piece | null {
  const at = folded(text).indexOf(wanted);
  if (at === -1) return null;
  const end = at + wanted.length;
  const from = Math.max(0, at - AROUND.before);
  const before = text.slice(from, at);
  const after = text.slice(end, end + AROUND.after);
  return {
    // No half characters at the cuts.
    before: (from > 0 ? '…' : '') + before.replace(/^[\udc00-\udfff]/, ''),
    match: text.slice(at, end),
    after: after.replace(/[\ud800-\udbff]$/, '') + (end + AROUND.after < text.length ? '…' : ''),
  };
}

/** Below a seq, newest first. @returns next: from where to go on; null = the first message was looked at */
async function searchIn(
  ctx: Ctx,
  conversation: Searched,
  wanted: string,
  before: number,
  budget: Budget,
): Promise<{ found: Found[]; next: number | null }> {
  const found: Found[] = [];
  const key = await bodyKey(ctx, conversation);
  // Erased: its words are gone.
  if (!key) return { found, next: null };
  for (let to = before - 1; to >= 1;) {
    const from = Math.max(0, to - Math.max(1, Math.min(PAGE, budget.messages)));
    const rows = await rowsBetween(ctx, conversation, from, to);
    for (const row of rows.reverse()) {
      budget.messages -= 1;
      const { text, attachment } = openBody(key, row, conversation.institution);
      const piece = pieceOf(text ?? '', wanted) ?? pieceOf(attachment?.name ?? '', wanted);
      if (!piece) continue;
      found.push({ row, piece });
      budget.hits -= 1;
      if (budget.hits <= 0) return { found, next: row.seq > 1 ? row.seq : null };
    }
    to = from;
    if (isSpent(ctx, budget)) return { found, next: to >= 1 ? to + 1 : null };
  }
  return { found, next: null };
}

/**
 * Words in one conversation, for whoever may read it. Who takes no part is written down first, hits or none: that a
 * word was not said is told as well. The words themselves are written nowhere.
 * @throws AppError NOT_FOUND, FORBIDDEN, RATE_LIMITED
 */
export async function searchConversation(
  ctx: Ctx,
  actor: Actor,
  input: SearchConversation,
  bounds = BOUNDS,
): Promise<FoundHere> {
  const { conversation, relation } = await accessConversation(ctx, actor, input.id, 'read');
  await ctx.limits.search.consume(actor.id);
  await auditReading(ctx, actor, conversation, relation, input.reason);
  const head = await headSeq(ctx, conversation);
  const budget = budgetOf(ctx, bounds);
  const below = Math.min(input.before ?? head + 1, head + 1);
  const { found, next } = await searchIn(ctx, conversation, folded(input.text.trim()), below, budget);
  return { hits: await presentHits(ctx, found), next, read: bounds.messages - budget.messages };
}

/**
 * Words in the sessions that are the caller's own now, the newest session first.
 * @throws AppError NOT_FOUND when the place to go on from is gone, RATE_LIMITED
 */
export async function searchOwn(
  ctx: Ctx,
  actor: Actor,
  input: SearchOwn,
  bounds = BOUNDS,
): Promise<FoundOwn> {
  await ctx.limits.search.consume(actor.id);
  const wanted = folded(input.text.trim());
  const budget = budgetOf(ctx, bounds);
  const { ids, stop } = await ownSessions(ctx, actor, input.from?.conversationId);
  const hits: OwnHit[] = [];
  let next: FoundOwn['next'] = null;
  for (const [at, id] of ids.entries()) {
    const conversationId = id.toHexString();
    const goesOn = input.from?.conversationId === conversationId ? input.from.before : undefined;
    // At least one is looked at, or a slow database would never let the search go on.
    if (at > 0 && isSpent(ctx, budget)) {
      next = { conversationId, before: 1e9 };
      break;
    }
    const session = await ctx.models.Conversation.findById(id, {
      key: 1,
      institution: 1,
      lastSeq: 1,
      visitorName: 1,
    }).lean();
    if (!session) continue;
    const below = Math.min(goesOn ?? 1e9, (await headSeq(ctx, session)) + 1);
    const part = await searchIn(ctx, session, wanted, below, budget);
    const presented = await presentHits(ctx, part.found);
    hits.push(...presented.map((hit) => ({ ...hit, visitorName: session.visitorName })));
    if (part.next !== null) {
      next = { conversationId, before: part.next };
      break;
    }
  }
  next ??= stop;
  return { hits, next, read: bounds.messages - budget.messages };
}

/**
 * Newest first, from the place on where a search stopped.
 * @returns stop: where to go on when there are more than one call comes past
 */
async function ownSessions(
  ctx: Ctx,
  actor: Actor,
  from: string | undefined,
): Promise<{ ids: Types.ObjectId[]; stop: FoundOwn['next'] }> {
  const { Conversation } = ctx.models;
  const stopped =
    from === undefined
      ? null
      : await Conversation.findOne(
          { _id: objectId(from), institution: actor.institution },
          { createdAt: 1 },
        ).lean();
  if (from !== undefined && !stopped)
    throw new AppError('NOT_FOUND', { message: '查找停下的会话已不在，请重新查找。' });
  const since = stopped?.createdAt.getTime();
  const rows = await Conversation.find(
    // Only what one index holds: the stand-in reads the whole collection for anything more.
    {
      counselor: objectId(actor.id),
      ...(since === undefined ? {} : { createdAt: { $lt: new Date(since + 1) } }),
    },
    { type: 1, deletedAt: 1, createdAt: 1 },
  )
    .sort({ createdAt: -1, _id: -1 })
    .limit(MOST_SESSIONS)
    .lean();
  const ids = rows
    .filter(({ type, deletedAt }) => type === 'COUNSELING_SESSION' && deletedAt === null)
    .filter(({ _id, createdAt }) => createdAt.getTime() !== since || _id.toHexString() <= (from ?? ''))
    .map(({ _id }) => _id);
  const last = rows.length === MOST_SESSIONS ? rows.at(-1)?._id.toHexString() : undefined;
  // The last is come to again, below its first message.
  return { ids, stop: last === undefined ? null : { conversationId: last, before: 1 } };
}

async function presentHits(ctx: Ctx, found: Found[]): Promise<SearchHit[]> {
  const names = await namesOf(
    ctx,
    found.flatMap(({ row }) => row.sender?.toHexString() ?? []),
  );
  return found.map(({ row, piece }) => {
    const sender = row.sender?.toHexString() ?? null;
    return {
      conversationId: row.conversation.toHexString(),
      seq: row.seq,
      kind: row.kind,
      sender: { id: sender, name: (sender && names.get(sender)) ?? null, type: row.senderType },
      time: row.at.getTime(),
      ...piece,
    };
  });
}
