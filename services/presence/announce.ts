import type { Duty as WireDuty } from '../../contract/user.js';
import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { recordInterval } from './intervals.js';

export const presentDuty = (duty: Duty): WireDuty => ({
  state: duty.presence,
  connected: duty.lostAt === null,
  maxConsults: duty.maxConsults,
  activeCount: duty.seats.length,
});

/** Tells staff what a counselor states and holds, and keeps it; after every change of either. */
export async function announceDuty(ctx: Ctx, duty: Duty): Promise<void> {
  ctx.bus.publish({
    name: 'presence.changed',
    institution: duty.institution,
    change: { userId: duty._id.toHexString(), ...presentDuty(duty) },
  });
  await recordInterval(ctx, duty);
}
