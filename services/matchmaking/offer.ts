/**
 * An offer (policy `acceptSeconds`): on the wire the conversation still waits and keeps its place, a seat of the
 * counselor is held, and a deadline runs. Not accepted in time it goes on to the next, and to the same counselor
 * only after everybody else.
 */
import type { Types } from 'mongoose';
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { Offer as WireOffer } from '../../contract/matchmaking.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { presentConversation, presentConversations } from '../presenters/conversation.js';
import { moveDeadline } from '../time/move.js';
import { upSince } from '../time/uptime.js';
import { beginSession, tellBegun } from './begin.js';
import { tellOffer, tellWithdrawn } from './offer-told.js';
import { openSeat, pullAttempt } from './seat.js';

/**
 * Step 2 of an assignment where counselors accept first, by compare-and-set; tellMade() follows.
 * @returns null when somebody else was quicker
 */
export async function makeOffer(
  ctx: Ctx,
  row: Conversation,
  counselor: Types.ObjectId,
  why: string,
): Promise<Conversation | null> {
  const { acceptSeconds } = await ctx.policies.get(row.institution);
  const now = ctx.clock.now();
  const until = new Date(now + acceptSeconds * 1_000);
  return ctx.models.Conversation.findOneAndUpdate(
    { _id: row._id, status: 'WAITING', attempt: row.attempt, offer: null },
    {
      $set: { offer: { counselor, at: new Date(now), until }, assignedWhy: why },
      $push: { deadlines: { kind: 'accept', at: until } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
}

/** Both sides are told of an offer, and its deadline is woken. */
export async function tellMade(ctx: Ctx, offered: Conversation): Promise<void> {
  if (!offered.offer) return;
  await publishConversation(ctx, offered, null);
  await tellOffer(ctx, offered, offered.offer.counselor);
  await ctx.waker.wake(offered._id.toHexString(), 'accept', offered.offer.until);
}

const gone = () => new AppError('RULE_REFUSED', { message: '该来访者已不再等待您接受，请查看最新的列表。' });

/** Loads what is offered to the caller; anybody else's is unknown to them. */
async function accessOffer(
  ctx: Ctx,
  actor: Actor,
  id: string,
): Promise<{ row: Conversation; me: Types.ObjectId }> {
  const _id = objectId(id);
  const me = objectId(actor.id);
  const row = _id && (await ctx.models.Conversation.findOne({ _id, institution: actor.institution }).lean());
  if (!row || !me || actor.role !== 'COUNSELOR' || row.type !== 'COUNSELING_SESSION')
    throw new AppError('NOT_FOUND', { message: '没有找到该会话。' });
  return { row, me };
}

/**
 * Takes who is offered; again is harmless.
 * @throws AppError NOT_FOUND, RULE_REFUSED (not or no longer offered to the caller)
 */
export async function acceptOffer(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { row, me } = await accessOffer(ctx, actor, id);
  if (row.status === 'IN_PROGRESS' && row.counselor?.equals(me)) return presentConversation(ctx, row);
  if (row.status !== 'WAITING' || !row.offer?.counselor.equals(me)) throw gone();
  const begun = await beginSession(ctx, row, me, { why: row.assignedWhy ?? '', offered: true });
  if (!begun) throw gone();
  await tellBegun(ctx, row, begun);
  await openSeat(ctx, me, row._id);
  tellWithdrawn(ctx, row, me);
  return presentConversation(ctx, begun);
}

/**
 * Lets who is offered go on to the next; again is harmless.
 * @throws AppError NOT_FOUND
 */
export async function declineOffer(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const { row, me } = await accessOffer(ctx, actor, id);
  if (row.status === 'WAITING' && row.offer?.counselor.equals(me)) await endOffer(ctx, row, me);
}

/** What is offered to the caller now; for a client that was away. */
export async function listOffers(ctx: Ctx, actor: Actor): Promise<WireOffer[]> {
  const me = objectId(actor.id);
  const rows = await ctx.models.Conversation.find({ 'offer.counselor': me, status: 'WAITING' }).lean();
  const presented = await presentConversations(ctx, rows);
  return rows.flatMap((row, index) => {
    const conversation = presented[index];
    return row.offer && conversation
      ? [{ conversation, until: row.offer.until.getTime(), why: row.assignedWhy }]
      : [];
  });
}

/** Not taken: the attempt is raised first, so that a slow acceptance fails; then the seat is free. */
async function endOffer(ctx: Ctx, row: Conversation, counselor: Types.ObjectId): Promise<boolean> {
  if (!row.offer) return false;
  const back = await ctx.models.Conversation.findOneAndUpdate(
    {
      _id: row._id,
      status: 'WAITING',
      attempt: row.attempt,
      'offer.counselor': counselor,
      'offer.until': row.offer.until,
    },
    {
      $set: { offer: null, assignedWhy: null },
      $addToSet: { offered: counselor },
      $pull: { deadlines: { kind: 'accept' } },
      $inc: { rev: 1, attempt: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!back) return false;
  await pullAttempt(ctx, counselor, row._id, row.attempt);
  tellWithdrawn(ctx, row, counselor);
  await publishConversation(ctx, back, null);
  await ctx.admissions.admit(row.institution);
  return true;
}

/** The time to accept is over. While the whole platform was down nobody could: it begins anew at boot. */
export async function fireOffer(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  if (row.status !== 'WAITING' || !row.offer) return false;
  const { at: made, until } = row.offer;
  const due = Math.max(at, ((await upSince(ctx)) ?? 0) + until.getTime() - made.getTime());
  if (due > ctx.clock.now()) {
    await moveDeadline(ctx, row, 'accept', at, due);
    return false;
  }
  return endOffer(ctx, row, row.offer.counselor);
}

/** Whoever can take nobody any more (off line, banned) has nobody offered. */
export async function withdrawOffers(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const offered = { 'offer.counselor': counselor, status: 'WAITING' as const };
  for (const row of await ctx.models.Conversation.find(offered).lean()) await endOffer(ctx, row, counselor);
}
