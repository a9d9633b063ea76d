/**
 * Who may hear what: the one place that chooses recipients (design.md, "Rooms and who hears what"). Messages go to
 * the rooms of people, not of conversations: nothing has to be joined at an assignment or left at a hand-over, and
 * so nothing can be joined too late or left too late.
 */
import type { Role } from '../contract/enums.js';
import type { Parties } from '../services/events.js';
import type { Actor } from '../services/context.js';

export const userRoom = (id: string) => `user:${id}`;
/** Queue and presence of an institution. */
export const staffRoom = (institution: string) => `staff:${institution}`;

const HEARS_STAFF: ReadonlySet<Role> = new Set(['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR']);

/** Rooms that a socket is put into at connect, from stored data only. */
export function roomsOf(actor: Actor): string[] {
  const own = userRoom(actor.id);
  return HEARS_STAFF.has(actor.role) ? [own, staffRoom(actor.institution)] : [own];
}

/** Staff of a session: what is told to them alone. A visitor is in none of these rooms. */
export function staffOf(parties: Parties): string[] {
  const ids = [parties.counselor, ...(parties.watchers ?? [])].filter((id) => id !== parties.visitor);
  return ids.filter((id) => id !== null).map(userRoom);
}

/** Who hears what is said in a conversation. A thread between counselor and supervisor is never a visitor's. */
export function listenersOf(parties: Parties): string[] {
  const ids =
    parties.type === 'COUNSELING_SESSION'
      ? [parties.visitor, parties.counselor, ...(parties.watchers ?? [])]
      : [parties.counselor, ...parties.supervisors];
  return ids.filter((id) => id !== null).map(userRoom);
}
