/** Who decides what is kept and what goes: one table, closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

export type RetentionAction =
  | 'retention.read'
  | 'retention.change'
  /** Asking for everything of one's own to be erased. */
  | 'erasure.ask'
  /** Carrying out a person's lawful request. */
  | 'erasure.request'
  /** Receipts, and taking a deletion back within its grace. */
  | 'erasure.manage'
  | 'hold.manage';

const ADMINS = { INSTITUTION_ADMINISTRATOR: 'own', SYSTEM_ADMINISTRATOR: 'all' } as const;
const RETENTION: Record<RetentionAction, Partial<Record<Role, 'own' | 'all'>>> = {
  'retention.read': ADMINS,
  'retention.change': ADMINS,
  'erasure.ask': { VISITOR: 'own' },
  'erasure.request': ADMINS,
  'erasure.manage': ADMINS,
  'hold.manage': ADMINS,
};

/** @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export function assertRetention(actor: Actor, action: RetentionAction, institution: string): void {
  const reach = RETENTION[action][actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  if (reach === 'own' && institution !== actor.institution) throw new AppError('NOT_FOUND');
}

/** Whose rows a list shows. @throws AppError FORBIDDEN */
export function retentionScope(actor: Actor, action: RetentionAction): { institution?: string } {
  const reach = RETENTION[action][actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  return reach === 'all' ? {} : { institution: actor.institution };
}
