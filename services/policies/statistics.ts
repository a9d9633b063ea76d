/** Whose figures somebody may see: one table, closed by default. */
import type { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

export type StatisticsAction =
  /** Figures of an institution or of counselors in it. */
  | 'statistics.read'
  /** All institutions beside each other, small cells hidden. */
  | 'statistics.compare';

type Reach = 'all' | 'own' | 'bound' | 'self';

const STATISTICS: Record<StatisticsAction, Partial<Record<Role, Reach>>> = {
  'statistics.read': {
    COUNSELOR: 'self',
    SUPERVISOR: 'bound',
    INSTITUTION_ADMINISTRATOR: 'own',
    SYSTEM_ADMINISTRATOR: 'all',
  },
  'statistics.compare': { SYSTEM_ADMINISTRATOR: 'all' },
};

/** Counselors whose supervisor the actor is. */
export async function boundCounselors(ctx: Pick<Ctx, 'models'>, actor: Actor): Promise<Types.ObjectId[]> {
  const bound = await ctx.models.User.find({ supervisors: objectId(actor.id) }, { _id: 1 }).lean();
  return bound.map(({ _id }) => _id);
}

/**
 * Narrows what was asked for to what the actor may see.
 * @param asked an institution or a counselor; left out = everything within reach
 * @throws AppError FORBIDDEN, NOT_FOUND (another institution's, or no bound counselor)
 */
export async function statisticsScope(
  ctx: Pick<Ctx, 'models'>,
  actor: Actor,
  asked: { institution?: string | undefined; counselor?: string | undefined },
): Promise<{ institution: string; counselors?: Types.ObjectId[] }> {
  const reach = STATISTICS['statistics.read'][actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  const institution = asked.institution ?? actor.institution;
  if (reach !== 'all' && institution !== actor.institution) throw new AppError('NOT_FOUND');
  const counselor = asked.counselor === undefined ? null : objectId(asked.counselor);
  if (asked.counselor !== undefined && !counselor) throw new AppError('NOT_FOUND');
  if (reach === 'all' || reach === 'own')
    return counselor ? { institution, counselors: [counselor] } : { institution };
  const me = objectId(actor.id);
  const mine = reach === 'bound' ? await boundCounselors(ctx, actor) : me ? [me] : [];
  if (!counselor) return { institution, counselors: mine };
  if (!mine.some((id) => id.equals(counselor))) throw new AppError('NOT_FOUND');
  return { institution, counselors: [counselor] };
}

/** @throws AppError FORBIDDEN */
export function assertCompare(actor: Actor): void {
  if (STATISTICS['statistics.compare'][actor.role] === undefined) throw new AppError('FORBIDDEN');
}
