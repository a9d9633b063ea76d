/** Who may do what with the roster; closed by default. */
import type { Role } from '../../contract/enums.js';
import type { Actor } from '../context.js';
import { AppError } from '../../platform/errors.js';

export type RosterAction = 'read' | 'arrange';

/** How far a role reaches: its own institution, or all of them. */
type Reach = 'own' | 'all';

const ROSTER: Record<RosterAction, Partial<Record<Role, Reach>>> = {
  read: {
    VISITOR: 'own',
    COUNSELOR: 'own',
    SUPERVISOR: 'own',
    INSTITUTION_ADMINISTRATOR: 'own',
    SYSTEM_ADMINISTRATOR: 'all',
  },
  arrange: { SUPERVISOR: 'own', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
};

/** @param subject the institution whose roster it is */
export function mayRoster(actor: Actor, action: RosterAction, subject: { institution: string }): boolean {
  const reach = ROSTER[action][actor.role];
  return reach === 'all' || (reach === 'own' && subject.institution === actor.institution);
}

/** @throws AppError FORBIDDEN when the role may do so nowhere, not even in its own institution */
export function assertRoster(actor: Actor, action: RosterAction): void {
  if (!mayRoster(actor, action, { institution: actor.institution })) throw new AppError('FORBIDDEN');
}
