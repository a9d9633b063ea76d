import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { heldBack } from '../care/held-back.js';
import type { Policy } from '../policy/rules.js';
import { rosteredCounselors } from '../roster/rostered.js';
import type { Chair } from './choose.js';

/**
 * Who is on duty and could take somebody, full ones too (with no room), since who only is full may be worth
 * waiting for. Unnamed visitors go to those on line and on today's roster; if nobody is rostered, to whoever is on
 * line (contract-notes.md, 26a). Nobody comes to who is on a stop, lost their connection, still breathes or rests, or
 * is held back by the rules of the house.
 */
export async function eligible(ctx: Ctx, institution: string, policy: Policy): Promise<Chair[]> {
  const [duties, rostered] = await Promise.all([
    ctx.models.Duty.find({ institution, presence: 'online', enabled: true, maxConsults: { $gt: 0 } }).lean(),
    rosteredCounselors(ctx, institution),
  ]);
  const stopped = await onStop(ctx, duties);
  const here = duties.filter((duty) => duty.lostAt === null && !stopped.has(duty._id.toHexString()));
  const genders = await gendersOf(ctx, here);
  const held = await heldBack(ctx, policy, here);
  const now = ctx.clock.now();
  return here.map((duty): Chair => {
    const id = duty._id.toHexString();
    return {
      id,
      taken: duty.seats.length,
      cap: duty.maxConsults,
      room: held.has(id) ? 0 : roomOf(duty, policy, now),
      common: rostered.size === 0 || rostered.has(id),
      idleSince: duty.idleSince.getTime(),
      assignedAt: duty.assignedAt?.getTime() ?? 0,
      skills: duty.skills ?? [],
      languages: duty.languages ?? [],
      gender: genders.get(id) ?? null,
    };
  });
}

/** Free seats; with a breathing space at most one, and none until it is over. */
function roomOf(duty: Duty, policy: Policy, now: number): number {
  const free = Math.max(0, duty.maxConsults - duty.seats.length);
  if ((duty.restUntil?.getTime() ?? 0) > now) return 0;
  if (policy.breathingSeconds === 0) return free;
  const rested = now - (duty.assignedAt?.getTime() ?? 0) >= policy.breathingSeconds * 1_000;
  return rested ? Math.min(1, free) : 0;
}

/** A wish may name it; it is the person's, not the duty's. */
async function gendersOf(ctx: Ctx, duties: readonly Duty[]): Promise<Map<string, string | null>> {
  if (duties.length === 0) return new Map();
  const users = await ctx.models.User.find(
    { _id: { $in: duties.map(({ _id }) => _id) } },
    { gender: 1 },
  ).lean();
  return new Map(users.map((user) => [user._id.toHexString(), user.gender]));
}

/** Who takes nobody now because of a stop (停诊). */
async function onStop(ctx: Ctx, duties: readonly Duty[]): Promise<Set<string>> {
  if (duties.length === 0) return new Set();
  const now = new Date(ctx.clock.now());
  const calendars = await ctx.models.Calendar.find({
    _id: { $in: duties.map(({ _id }) => _id) },
    stops: { $elemMatch: { from: { $lte: now }, to: { $gt: now } } },
  })
    .select({ _id: 1 })
    .lean();
  return new Set(calendars.map(({ _id }) => _id.toHexString()));
}
