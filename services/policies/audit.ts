/** Who reads and checks the audit log of an institution: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

const READ: Partial<Record<Role, 'own' | 'all'>> = {
  INSTITUTION_ADMINISTRATOR: 'own',
  SYSTEM_ADMINISTRATOR: 'all',
};

/** @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export function assertAudit(actor: Actor, institution: string): void {
  const reach = READ[actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  if (reach === 'own' && institution !== actor.institution) throw new AppError('NOT_FOUND');
}
