/** Who may do what with a person: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

export type UserAction =
  /** The staff lists, as public cards. */
  | 'user.card'
  /** The whole row but what is private. */
  | 'user.row'
  /** Phone, ID number, e-mail, emergency contact; and finding by phone. */
  | 'user.private'
  /** Disabling and enabling a visitor. */
  | 'visitor.ban'
  /** The same for staff. */
  | 'staff.ban'
  /** The list of everybody (document section 6); a supervisor's own is of visitors. */
  | 'user.list'
  /** Adding somebody of a role; never one above the actor's own. */
  | 'staff.create'
  /** Writing somebody's data and, for admins, their password. */
  | 'staff.edit'
  | 'staff.delete'
  /** One's own row. */
  | 'self.edit';

/**
 * How far a role reaches: `all` institutions, its `own`, in it only the `bound` (counselors whose supervisor the
 * actor is, and the actor), or the actor's `self` alone.
 */
type Reach = 'all' | 'own' | 'bound' | 'self';

const USERS: Record<UserAction, Partial<Record<Role, Reach>>> = {
  'user.card': {
    VISITOR: 'own',
    COUNSELOR: 'own',
    SUPERVISOR: 'own',
    INSTITUTION_ADMINISTRATOR: 'own',
    SYSTEM_ADMINISTRATOR: 'all',
  },
  'user.row': {
    COUNSELOR: 'own',
    SUPERVISOR: 'own',
    INSTITUTION_ADMINISTRATOR: 'own',
    SYSTEM_ADMINISTRATOR: 'all',
  },
  'user.private': { SUPERVISOR: 'bound', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'visitor.ban': { SUPERVISOR: 'own', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'staff.ban': { INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'user.list': { SUPERVISOR: 'own', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'staff.create': { SUPERVISOR: 'own', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'staff.edit': { SUPERVISOR: 'bound', INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'staff.delete': { INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' },
  'self.edit': { COUNSELOR: 'self', SUPERVISOR: 'self' },
};

/** Whose rights exceed whose; nobody bans, makes or removes upwards. */
const RANK: Record<Role, number> = {
  VISITOR: 0,
  COUNSELOR: 1,
  SUPERVISOR: 1,
  INSTITUTION_ADMINISTRATOR: 2,
  SYSTEM_ADMINISTRATOR: 3,
};

type Person = Pick<User, '_id' | 'role' | 'institution' | 'supervisors'>;

export function mayUser(actor: Actor, action: UserAction, subject: Person): boolean {
  if (action.endsWith('.ban') && !mayBeBannedBy(actor, action, subject)) return false;
  switch (USERS[action][actor.role]) {
    case 'all':
      return true;
    case 'own':
      return subject.institution === actor.institution;
    case 'bound':
      return subject.institution === actor.institution && isBound(actor, subject);
    case 'self':
      return subject._id.toHexString() === actor.id;
    case undefined:
      return false;
  }
}

function isBound(actor: Actor, subject: Person): boolean {
  return (
    subject._id.toHexString() === actor.id ||
    subject.supervisors.some((supervisor) => supervisor.toHexString() === actor.id)
  );
}

function mayBeBannedBy(actor: Actor, action: UserAction, subject: Person): boolean {
  const kind: UserAction = subject.role === 'VISITOR' ? 'visitor.ban' : 'staff.ban';
  return action === kind && subject._id.toHexString() !== actor.id && RANK[subject.role] <= RANK[actor.role];
}

/**
 * Whether the actor may make somebody of this role in this institution. A supervisor adds counselors only; a
 * visitor is never added by staff.
 */
export function mayCreate(actor: Actor, subject: Pick<Person, 'role' | 'institution'>): boolean {
  const reach = USERS['staff.create'][actor.role];
  if (reach === undefined || subject.role === 'VISITOR') return false;
  if (reach !== 'all' && subject.institution !== actor.institution) return false;
  if (actor.role === 'SUPERVISOR') return subject.role === 'COUNSELOR';
  return RANK[subject.role] <= RANK[actor.role];
}

/** The filter of every query about people: another institution's do not exist for the caller (I14). */
export function userScope(actor: Actor): { institution?: string } {
  return USERS['user.card'][actor.role] === 'all' ? {} : { institution: actor.institution };
}

/** @throws AppError NOT_FOUND for another institution's, FORBIDDEN for what the actor may not do */
export function assertUser(actor: Actor, action: UserAction, subject: Person): void {
  if (mayUser(actor, action, subject)) return;
  const scope = userScope(actor);
  const foreign = scope.institution !== undefined && scope.institution !== subject.institution;
  throw new AppError(foreign ? 'NOT_FOUND' : 'FORBIDDEN');
}

/** What a role may ever do, for the buttons of a client (`authorities` of document section 4). */
export function userPermissions(role: Role): UserAction[] {
  return (Object.keys(USERS) as UserAction[]).filter((action) => USERS[action][role] !== undefined);
}
