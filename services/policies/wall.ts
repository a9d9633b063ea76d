/** Whose sessions somebody sees on the live wall; closed by default. The lights are for all staff. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

export type WallReach =
  /** Sessions that one owns. */
  | 'own'
  /** Of bound counselors, those one is called to or sits in, and own ones. */
  | 'bound'
  | 'institution'
  | 'all';

const WALL: Partial<Record<Role, WallReach>> = {
  COUNSELOR: 'own',
  SUPERVISOR: 'bound',
  INSTITUTION_ADMINISTRATOR: 'institution',
  SYSTEM_ADMINISTRATOR: 'all',
};

/**
 * @param asked an institution; left out = the actor's own
 * @throws AppError FORBIDDEN (no staff), NOT_FOUND (another institution's)
 */
export function wallReach(
  actor: Pick<Actor, 'role' | 'institution'>,
  asked?: string,
): { reach: WallReach; institution: string } {
  const reach = WALL[actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  const institution = asked ?? actor.institution;
  if (reach !== 'all' && institution !== actor.institution)
    throw new AppError('NOT_FOUND', { message: '没有找到该机构。' });
  return { reach, institution };
}
