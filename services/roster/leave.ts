import type { User } from '../../models/user.js';
import type { Ctx } from '../context.js';
import { dayOf } from './day.js';
import { dropRostered } from './rostered.js';

/** Takes somebody who is gone off every coming day; the past stays as it was. */
export async function leaveRoster(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  user: Pick<User, '_id' | 'institution'>,
): Promise<void> {
  const today = dayOf(ctx.clock.now());
  await ctx.models.WeeklyRule.deleteOne({ _id: user._id });
  await ctx.models.Arrange.deleteMany({ user: user._id, day: { $gte: today } });
  dropRostered(ctx, user.institution);
}
