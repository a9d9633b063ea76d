/** Who is given nobody from the line, though a seat is free: a record is missing, or a limit is reached. */
import type { Types } from 'mongoose';
import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/rules.js';
import { strainOf } from './strain.js';

/** From when on a record counts as missing. */
const LATE_MS = 24 * 60 * 60_000;
/** How far back it is looked for: what is older is past mending. */
const BACK_MS = 90 * 24 * 60 * 60_000;

/** Sessions that were served, are over for a day and have no record. */
export const missingAt = (now: number) => ({
  type: 'COUNSELING_SESSION' as const,
  recordedAt: null,
  startAt: { $ne: null },
  endAt: { $gt: new Date(now - BACK_MS), $lt: new Date(now - LATE_MS) },
});

export const countMissing = (
  ctx: Pick<Ctx, 'clock' | 'models'>,
  counselor: Types.ObjectId,
): Promise<number> =>
  ctx.models.Conversation.countDocuments({
    counselor,
    ...missingAt(ctx.clock.now()),
    deletedAt: null,
  });

/** @returns user ids (hex); asked before each round of admissions, so only what the policy wants is read */
export async function heldBack(
  ctx: Ctx,
  policy: Policy,
  duties: readonly Pick<Duty, '_id'>[],
): Promise<Set<string>> {
  const held = new Set<string>();
  for (const { _id } of duties) {
    const late = policy.recordHold && (await countMissing(ctx, _id)) > 0;
    const strained =
      !late &&
      policy.workLimits.mode === 'refuse' &&
      (await strainOf(ctx, _id, policy.workLimits)).reached.length > 0;
    if (late || strained) held.add(_id.toHexString());
  }
  return held;
}
