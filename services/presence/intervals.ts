/**
 * A counselor's time as it was: one row for each stretch in which presence, connection, seats and cap stayed the
 * same. Written after each change; the sweep puts right what a crash, or two changes at once, left wrong.
 */
import type { Types } from 'mongoose';
import type { Duty } from '../../models/duty.js';
import type { PresenceInterval } from '../../models/presence-interval.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';

type Facts = Pick<PresenceInterval, 'state' | 'connected' | 'taken' | 'cap'>;

const factsOf = (duty: Duty): Facts => ({
  state: duty.presence,
  connected: duty.lostAt === null,
  taken: duty.seats.length,
  cap: duty.maxConsults,
});

/** Off line and holding nobody is nobody's working time. */
const counts = (facts: Facts) => facts.state !== 'offline' || facts.taken > 0;

const same = (open: PresenceInterval, facts: Facts) =>
  open.state === facts.state &&
  open.connected === facts.connected &&
  open.taken === facts.taken &&
  open.cap === facts.cap;

/** Closes the stretch that went on and begins the next one, if anything changed. Safe to repeat. */
export async function recordInterval(ctx: Ctx, duty: Duty): Promise<void> {
  const { PresenceInterval: Interval } = ctx.models;
  const facts = factsOf(duty);
  const open = await Interval.findOne({ counselor: duty._id, open: true }).lean();
  if (open && counts(facts) && same(open, facts)) return;
  // A clock that was set back must not end a stretch before it began.
  const at = new Date(Math.max(ctx.clock.now(), open?.from.getTime() ?? 0));
  if (open && !(await close(ctx, open._id, at))) return;
  if (!counts(facts)) return;
  try {
    await Interval.create({
      counselor: duty._id,
      institution: duty.institution,
      ...facts,
      from: at,
      open: true,
    });
  } catch (error) {
    // Somebody was quicker with a newer change; the sweep compares once more.
    if (!isDuplicate(error)) throw error;
  }
}

async function close(ctx: Ctx, _id: Types.ObjectId, at: Date): Promise<boolean> {
  const closed = await ctx.models.PresenceInterval.updateOne(
    { _id, open: true },
    { $set: { to: at }, $unset: { open: 1 } },
  );
  return closed.modifiedCount === 1;
}

/** Brings what is recorded into line with what is. */
export async function sweepIntervals(ctx: Ctx): Promise<void> {
  const [open, duties] = await Promise.all([
    ctx.models.PresenceInterval.find({ open: true }).lean(),
    ctx.models.Duty.find().lean(),
  ]);
  const byCounselor = new Map(open.map((row) => [row.counselor.toHexString(), row]));
  for (const duty of duties) {
    const row = byCounselor.get(duty._id.toHexString());
    const facts = factsOf(duty);
    if (row ? !counts(facts) || !same(row, facts) : counts(facts)) await recordInterval(ctx, duty);
  }
}
