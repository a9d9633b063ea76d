/** Who knows of all institutions: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

const LIST: Partial<Record<Role, true>> = { SYSTEM_ADMINISTRATOR: true };

/** @throws AppError FORBIDDEN */
export function assertAllInstitutions(actor: Pick<Actor, 'role'>): void {
  if (LIST[actor.role] === undefined) throw new AppError('FORBIDDEN');
}
