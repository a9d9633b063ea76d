import type { ImStateChange } from '../../contract/im.js';
import type { Ctx } from '../context.js';
import { setPresence } from '../presence/duty.js';
import { DROP_GRACE_MS } from '../presence/lost.js';
import { personOf } from './people.js';
import { dead, DONE, type Outcome } from './outcome.js';

/**
 * A counselor's Tencent client came or went. Coming puts on line whoever was off line; what they stated themselves
 * (busy, away) stays. Going starts the same grace as a lost socket: a socket of ours that still lives keeps them.
 * An event that is older than what they stated last changes nothing.
 */
export async function afterStateChange(ctx: Ctx, input: ImStateChange): Promise<Outcome> {
  const person = await personOf(ctx, input.Info.To_Account);
  if (!person) return dead('strangers');
  if (person.actor.role !== 'COUNSELOR' || !person.user.enabled) return DONE;
  const duty = await ctx.models.Duty.findById(person.user._id).lean();
  if (duty && input.EventTime !== undefined && input.EventTime < duty.presenceAt.getTime()) return DONE;
  if (input.Info.Action === 'Login') {
    if (!duty || duty.presence === 'offline') await setPresence(ctx, person.actor, 'online', false);
    return DONE;
  }
  if (input.Info.Action !== 'Logout' && input.Info.Action !== 'Disconnect') return dead('unknown-action');
  await ctx.models.Duty.updateOne(
    { _id: person.user._id, presence: { $ne: 'offline' }, connectedUntil: null },
    { $set: { connectedUntil: new Date(ctx.clock.now() + DROP_GRACE_MS) } },
  );
  return DONE;
}
