/** Who may set up where an institution's events go: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

const MANAGE: Partial<Record<Role, 'own' | 'all'>> = {
  INSTITUTION_ADMINISTRATOR: 'own',
  SYSTEM_ADMINISTRATOR: 'all',
};

/** @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export function assertWebhooks(actor: Actor, institution: string): void {
  const reach = MANAGE[actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  if (reach === 'own' && institution !== actor.institution) throw new AppError('NOT_FOUND');
}
