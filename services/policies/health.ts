/** Who sees how the platform is: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

const READ: Partial<Record<Role, 'own' | 'all'>> = {
  INSTITUTION_ADMINISTRATOR: 'own',
  SYSTEM_ADMINISTRATOR: 'all',
};

/** @throws AppError FORBIDDEN */
export function healthReach(actor: Pick<Actor, 'role'>): 'own' | 'all' {
  const reach = READ[actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  return reach;
}
