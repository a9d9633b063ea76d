/** Who may do what with case files and schedules; closed by default. They are their consultant's, nobody else's. */
import type { Role } from '../../contract/enums.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Types } from 'mongoose';
import type { Actor } from '../context.js';

export type RecordAction =
  | 'record.read'
  | 'record.write'
  | 'record.delete'
  /** The institution's blank forms. */
  | 'template.read'
  | 'template.write'
  | 'template.delete'
  /** The institution's month. */
  | 'schedule.read'
  /** One's own hours and stops. */
  | 'schedule.write'
  /** Hours, duty days and stops of the institution on one page. */
  | 'calendar.read';

type Reach = 'own' | 'institution';

const RECORDS: Record<RecordAction, Partial<Record<Role, Reach>>> = {
  'record.read': { COUNSELOR: 'own' },
  'record.write': { COUNSELOR: 'own' },
  'record.delete': { COUNSELOR: 'own' },
  'template.read': { COUNSELOR: 'institution' },
  'template.write': { COUNSELOR: 'own' },
  'template.delete': { COUNSELOR: 'own', INSTITUTION_ADMINISTRATOR: 'institution' },
  'schedule.read': { COUNSELOR: 'institution' },
  'schedule.write': { COUNSELOR: 'own' },
  'calendar.read': {
    COUNSELOR: 'institution',
    SUPERVISOR: 'institution',
    INSTITUTION_ADMINISTRATOR: 'institution',
    SYSTEM_ADMINISTRATOR: 'institution',
  },
};

export function mayRecord(
  actor: Actor,
  action: RecordAction,
  subject: Pick<InterviewRecord, 'consultant' | 'institution'>,
): boolean {
  switch (RECORDS[action][actor.role]) {
    case 'own':
      return subject.consultant.toHexString() === actor.id;
    case 'institution':
      return subject.institution === actor.institution;
    case undefined:
      return false;
  }
}

/**
 * @returns the caller as the consultant whose rows they are
 * @throws AppError FORBIDDEN when the role may do so nowhere
 */
export function assertRecord(actor: Actor, action: RecordAction): Types.ObjectId {
  const id = objectId(actor.id);
  if (RECORDS[action][actor.role] === undefined || !id) throw new AppError('FORBIDDEN');
  return id;
}
