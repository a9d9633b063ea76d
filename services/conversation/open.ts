import { Types } from 'mongoose';
import type { Conversation as WireConversation, OpenConversation } from '../../contract/conversation.js';
import type { Conversation, Deadline } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { consentFor } from '../consent/give-consent.js';
import type { Actor, Ctx } from '../context.js';
import { enqueue } from '../matchmaking/queue.js';
import { noteWait } from '../matchmaking/wait-told.js';
import type { Policy } from '../policy/rules.js';
import { presentConversation } from '../presenters/conversation.js';
import { refuseClosed } from '../roster/hours.js';
import { chapter } from './history.js';
import { finishConversation } from './end.js';

/**
 * Opens a conversation, or answers the one that is open (document section 26a): at most one a visitor, whoever is
 * named. It begins WAITING and is admitted in the same call when somebody is free.
 * @param booked an appointment's: it has its own time, whatever the opening hours are
 * @throws AppError FORBIDDEN, NOT_FOUND (the named counselor), CONSENT_NEEDED, CLOSED
 */
export async function openConversation(
  ctx: Ctx,
  actor: Actor,
  input: OpenConversation,
  { booked = false }: { booked?: boolean } = {},
): Promise<WireConversation> {
  if (actor.role !== 'VISITOR') throw new AppError('FORBIDDEN');
  const existing = await findOpen(ctx, actor);
  if (existing) return presentConversation(ctx, existing);
  if (!booked) await refuseClosed(ctx, actor.institution);
  const requested = input.counselor === undefined ? null : await accessCounselor(ctx, actor, input.counselor);
  const consentVersion = await consentFor(ctx, actor.id, actor.institution);
  const opened = await insertWaiting(ctx, actor, requested, consentVersion);
  if (opened.fresh) {
    await refuseBanned(ctx, actor, opened.conversation);
    await enqueue(ctx, opened.conversation);
    for (const { kind, at } of opened.conversation.deadlines)
      await ctx.waker.wake(opened.conversation._id.toHexString(), kind, at);
    await ctx.admissions.admit(actor.institution);
  }
  const now = await ctx.conversations.reload(opened.conversation._id.toHexString());
  if (opened.fresh && now?.status === 'WAITING') await noteWait(ctx, now);
  return presentConversation(ctx, now ?? opened.conversation);
}

/**
 * A ban is written before it looks for what is open, and this looks for the ban after it opened: whichever way
 * the two cross, one of them sees the other.
 */
async function refuseBanned(ctx: Ctx, actor: Actor, opened: Conversation): Promise<void> {
  if (await ctx.models.User.exists({ _id: opened.visitor, enabled: true, deleted: false })) return;
  await finishConversation(ctx, opened._id.toHexString(), 'VISITOR_BANNED', actor.id);
  throw new AppError('BANNED');
}

async function findOpen(ctx: Ctx, actor: Actor): Promise<Conversation | null> {
  return ctx.models.Conversation.findOne({ visitor: objectId(actor.id), open: true }).lean();
}

/** Unknown, another institution's, gone or disabled: all -4, so that nobody learns of staff elsewhere. */
async function accessCounselor(ctx: Ctx, actor: Actor, id: string): Promise<Types.ObjectId> {
  const _id = objectId(id);
  const counselor =
    _id &&
    (await ctx.models.User.findOne(
      { _id, role: 'COUNSELOR', institution: actor.institution, deleted: false, enabled: true },
      { _id: 1 },
    ).lean());
  if (!counselor) throw new AppError('NOT_FOUND', { message: '没有找到该咨询师。' });
  return counselor._id;
}

/** Read anew: the session may know them from before they said their name, and lists find by it. */
async function presentName(ctx: Ctx, actor: Actor): Promise<string | null> {
  const visitor = await ctx.models.User.findById(actor.id, { name: 1 }).lean();
  return visitor ? visitor.name : actor.name;
}

async function insertWaiting(
  ctx: Ctx,
  actor: Actor,
  requested: Types.ObjectId | null,
  consentVersion: string,
): Promise<{ conversation: Conversation; fresh: boolean }> {
  const policy = await ctx.policies.get(actor.institution);
  const _id = new Types.ObjectId();
  const key = await ctx.keys.createForConversation(_id, actor.institution);
  const now = ctx.clock.now();
  try {
    const created = await ctx.models.Conversation.create({
      _id,
      key,
      type: 'COUNSELING_SESSION',
      status: 'WAITING',
      institution: actor.institution,
      visitor: objectId(actor.id),
      visitorName: await presentName(ctx, actor),
      requested,
      open: true,
      queueScore: now,
      consentVersion,
      preferred: policy.preferReturning ? await lastServedBy(ctx, actor) : null,
      deadlines: waitingDeadlines(policy, now, requested !== null),
      history: [chapter('opened', null, now)],
      untold: true,
    });
    return { conversation: created.toObject(), fresh: true };
  } catch (error) {
    // Two taps at once: the unique index let one of them in, both get it.
    const winner = isDuplicate(error) ? await findOpen(ctx, actor) : null;
    if (winner) return { conversation: winner, fresh: false };
    throw error;
  }
}

/** Who served this visitor last, so that they need not begin anew with a stranger. */
async function lastServedBy(ctx: Ctx, actor: Actor): Promise<Types.ObjectId | null> {
  const last = await ctx.models.Conversation.findOne(
    { visitor: objectId(actor.id), type: 'COUNSELING_SESSION', counselor: { $ne: null } },
    { counselor: 1 },
  )
    .sort({ createdAt: -1 })
    .lean();
  return last?.counselor ?? null;
}

function waitingDeadlines(policy: Policy, now: number, named: boolean): Deadline[] {
  const waiting = { kind: 'waiting' as const, at: new Date(now + policy.waitingLimitMs) };
  if (!named || policy.namedFallbackMinutes === 0) return [waiting];
  return [waiting, { kind: 'fallback', at: new Date(now + policy.namedFallbackMinutes * 60_000) }];
}
