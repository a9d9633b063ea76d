import type { Role } from '../../contract/enums.js';
import type { Me } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { userPermissions } from '../policies/user.js';
import { shownInstitution } from './affiliation.js';

/**
 * Who is signed in (document section 4).
 * @throws AppError UNAUTHENTICATED when the user is gone
 */
export async function readMe(ctx: Pick<Ctx, 'models'>, actor: Actor): Promise<Me> {
  const _id = objectId(actor.id);
  const user = _id && (await ctx.models.User.findOne({ _id, deleted: false }).lean());
  if (!user) throw new AppError('UNAUTHENTICATED');
  return presentMe(user);
}

export function presentMe(user: User): Me {
  return {
    id: user._id.toHexString(),
    userID: user.userID,
    name: user.name,
    username: user.username,
    type: user.role,
    roles: [`ROLE_${user.role}`],
    authorities: authoritiesOf(user.role),
    institutionCode: shownInstitution(user.institution),
  };
}

/** `{permission: true}`, for a client's buttons; the services ask the tables themselves. */
function authoritiesOf(role: Role): Record<string, boolean> {
  return Object.fromEntries(userPermissions(role).map((permission) => [permission, true]));
}
