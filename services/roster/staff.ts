/** The people that a roster can name. */
import type { Arrange as WireArrange } from '../../contract/arrange.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { mayRoster } from '../policies/roster.js';
import { startOfDay } from './day.js';
import type { DutyDay } from './duty-days.js';

export type Rosterable = Pick<User, '_id' | 'userID' | 'role' | 'institution' | 'name'>;

/**
 * @param ids user ids as a client sent them
 * @returns each person once, in the order asked
 * @throws AppError NOT_FOUND when one is unknown or of another institution, BAD_INPUT when one takes no duty
 */
export async function loadRosterable(
  ctx: Pick<Ctx, 'models'>,
  actor: Actor,
  ids: string[],
): Promise<Rosterable[]> {
  const unknown = () => new AppError('NOT_FOUND', { message: '没有找到要排班的用户，请刷新后重试。' });
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))].map((id) => {
    const parsed = objectId(id);
    if (parsed === null) throw unknown();
    return parsed;
  });
  const users = await ctx.models.User.find({ _id: { $in: wanted }, deleted: false })
    .select({ userID: 1, role: 1, institution: 1, name: 1 })
    .lean();
  const byId = new Map(users.map((user) => [user._id.toHexString(), user]));
  return wanted.map((id) => {
    const user = byId.get(id.toHexString());
    // Another institution's people do not exist for this caller (I14).
    if (user === undefined || !mayRoster(actor, 'arrange', user)) throw unknown();
    if (user.role !== 'COUNSELOR' && user.role !== 'SUPERVISOR') {
      throw new AppError('BAD_INPUT', { message: '只能为咨询师和督导排班。' });
    }
    return user;
  });
}

export function presentArrange(duty: DutyDay, user: Rosterable): WireArrange {
  return {
    id: duty.id.toHexString(),
    timestamp: startOfDay(duty.day),
    user: { id: user._id.toHexString(), name: user.name, type: user.role },
  };
}
