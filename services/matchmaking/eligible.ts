import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { rosteredCounselors } from '../roster/rostered.js';

export interface Candidate {
  duty: Duty;
  /** May serve whoever comes; otherwise only those who asked for them by name. */
  common: boolean;
}

/**
 * Who could take somebody now, least loaded first, then longest idle. Unnamed visitors go to those on line and on
 * today's roster; if nobody is rostered, to whoever is on line (contract-notes.md, 26a). Nobody comes to who is on a stop.
 */
export async function eligible(ctx: Ctx, institution: string): Promise<Candidate[]> {
  const [duties, rostered] = await Promise.all([
    ctx.models.Duty.find({ institution, presence: 'online', enabled: true, maxConsults: { $gt: 0 } }).lean(),
    rosteredCounselors(ctx, institution),
  ]);
  const stopped = await onStop(ctx, duties);
  const load = (duty: Duty) => duty.seats.length / duty.maxConsults;
  return duties
    .filter((duty) => duty.seats.length < duty.maxConsults && !stopped.has(duty._id.toHexString()))
    .sort((a, b) => load(a) - load(b) || a.idleSince.getTime() - b.idleSince.getTime())
    .map((duty) => ({ duty, common: rostered.size === 0 || rostered.has(duty._id.toHexString()) }));
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
