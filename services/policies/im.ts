/** Who may see and replay what Tencent's callbacks left over, and see and start comparisons; closed by default. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

export type ImAction =
  'dead-letter.list' | 'dead-letter.read' | 'dead-letter.retry' | 'im-report.list' | 'im-report.start';

const IM: Record<ImAction, readonly Role[]> = {
  'dead-letter.list': ['SYSTEM_ADMINISTRATOR'],
  'dead-letter.read': ['SYSTEM_ADMINISTRATOR'],
  'dead-letter.retry': ['SYSTEM_ADMINISTRATOR'],
  'im-report.list': ['SYSTEM_ADMINISTRATOR'],
  'im-report.start': ['SYSTEM_ADMINISTRATOR'],
};

/** @throws AppError FORBIDDEN */
export function assertIm(actor: Actor, action: ImAction): void {
  if (!IM[action].includes(actor.role)) throw new AppError('FORBIDDEN');
}
