import type { Duty as WireDuty } from '../../contract/user.js';
import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';

export const presentDuty = (duty: Duty): WireDuty => ({
  state: duty.presence,
  maxConsults: duty.maxConsults,
  activeCount: duty.seats.length,
});

/** Tells staff what a counselor states and holds; after every change of either. */
export function announceDuty(ctx: Ctx, duty: Duty): void {
  ctx.bus.publish({
    name: 'presence.changed',
    institution: duty.institution,
    change: { userId: duty._id.toHexString(), ...presentDuty(duty) },
  });
}
