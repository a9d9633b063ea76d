/** Whose reviews and supervision somebody finds in a list: one rule for what is given to counselors. */
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { boundCounselors } from './statistics.js';

/**
 * A counselor's own; a supervisor's own and those of bound counselors; an administrator's institution.
 * @param fields where a row names its counselors and its supervisor
 * @throws AppError FORBIDDEN
 */
export async function careScope(
  ctx: Ctx,
  actor: Actor,
  fields: { counselor: string; supervisor: string },
): Promise<Record<string, unknown>> {
  const { institution } = actor;
  const me = objectId(actor.id);
  switch (actor.role) {
    case 'COUNSELOR':
      return { institution, [fields.counselor]: me };
    case 'SUPERVISOR': {
      const bound = await boundCounselors(ctx, actor);
      return { institution, $or: [{ [fields.supervisor]: me }, { [fields.counselor]: { $in: bound } }] };
    }
    case 'INSTITUTION_ADMINISTRATOR':
      return { institution };
    case 'SYSTEM_ADMINISTRATOR':
      return {};
    case 'VISITOR':
      throw new AppError('FORBIDDEN');
  }
}
