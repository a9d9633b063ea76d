/** What a counselor states of their availability, and the lease by which a lost connection ends it. */
import type { Presence } from '../../contract/enums.js';
import type { Duty as WireDuty } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { requeueOwned } from '../conversation/requeue.js';
import { announceDuty, presentDuty } from './announce.js';
import { withdrawOffers } from '../matchmaking/offer.js';
import { ensureDuty } from '../matchmaking/seat.js';
import { upSince } from '../time/uptime.js';
import { DROP_GRACE_MS } from './lost.js';

function check(actor: Actor) {
  const _id = objectId(actor.id);
  if (!_id || actor.role !== 'COUNSELOR')
    throw new AppError('FORBIDDEN', { message: '只有咨询师可以设置接待状态。' });
  return _id;
}

/** As it is now: whoever going on line or a higher cap admitted is counted. */
export async function readDuty(ctx: Ctx, actor: Actor): Promise<WireDuty> {
  return presentDuty(await ensureDuty(ctx, check(actor), actor.institution));
}

/**
 * States availability. Going on line admits whoever waits in the same moment.
 * @param connected true when a socket says so: the state then ends with the last connection (after a grace)
 * @throws AppError FORBIDDEN for anybody but a counselor
 */
export async function setPresence(
  ctx: Ctx,
  actor: Actor,
  state: Presence,
  connected: boolean,
): Promise<WireDuty> {
  const _id = check(actor);
  await ensureDuty(ctx, _id, actor.institution);
  const now = ctx.clock.now();
  const duty = await ctx.models.Duty.findOneAndUpdate(
    { _id },
    {
      $set: {
        presence: state,
        presenceAt: new Date(now),
        lostAt: null,
        connectedUntil: connected ? new Date(now + DROP_GRACE_MS) : null,
      },
    },
    { returnDocument: 'after' },
  )
    .lean()
    .orFail();
  await announceDuty(ctx, duty);
  if (state !== 'online') await withdrawOffers(ctx, _id);
  else await ctx.admissions.admit(actor.institution);
  return readDuty(ctx, actor);
}

/**
 * Sets one's own cap (document section 21); it takes hold at once: a higher one admits, a lower one throws nobody
 * out, 0 pauses intake.
 */
export async function setMaxConsults(ctx: Ctx, actor: Actor, maxConsults: number): Promise<WireDuty> {
  await setCap(ctx, { _id: check(actor), institution: actor.institution }, maxConsults);
  return readDuty(ctx, actor);
}

/** Sets anybody's cap; the caller asked for permission already. */
export async function setCap(
  ctx: Ctx,
  { _id, institution }: Pick<User, '_id' | 'institution'>,
  maxConsults: number,
): Promise<void> {
  await ensureDuty(ctx, _id, institution);
  const duty = await ctx.models.Duty.findOneAndUpdate(
    { _id },
    { $set: { maxConsults } },
    { returnDocument: 'after' },
  )
    .lean()
    .orFail();
  await announceDuty(ctx, duty);
  await ctx.admissions.admit(institution);
}

/** Takes off line whoever lost every connection for longer than the grace; their sessions wait again. */
export async function sweepPresence(ctx: Ctx): Promise<void> {
  // When everything was down nobody could stay connected: the grace starts anew (design.md, "Time").
  const up = await upSince(ctx);
  if (up !== null && ctx.clock.now() - up < DROP_GRACE_MS) return;
  const gone = {
    presence: { $in: ['online', 'busy', 'away'] as Presence[] },
    connectedUntil: { $lt: new Date(ctx.clock.now()) },
  };
  for (const duty of await ctx.models.Duty.find(gone).lean()) {
    const off = await ctx.models.Duty.findOneAndUpdate(
      { _id: duty._id, ...gone },
      { $set: { presence: 'offline', presenceAt: new Date(ctx.clock.now()), connectedUntil: null } },
      { returnDocument: 'after' },
    ).lean();
    if (!off) continue;
    await announceDuty(ctx, off);
    await requeueOwned(ctx, duty._id);
    await ctx.admissions.admit(duty.institution);
  }
}
