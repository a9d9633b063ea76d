/** Who may do what with messages that visitors left. One table, closed by default. */
import type { Role } from '../../contract/enums.js';
import type { OfflineMessage } from '../../models/offline-message.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

type OfflineAction = 'list' | 'take' | 'read' | 'release' | 'finish';
/** `own`: only what they took themselves. */
type Reach = 'institution' | 'own';

const COUNSELOR: Record<OfflineAction, Reach> = {
  list: 'institution',
  take: 'institution',
  // Taking comes before reading, so that what somebody left is read by who looks after it.
  read: 'own',
  release: 'own',
  finish: 'own',
};
const OVERSEER: Record<OfflineAction, Reach> = {
  list: 'institution',
  take: 'institution',
  read: 'institution',
  release: 'institution',
  finish: 'own',
};
const TABLE: Partial<Record<Role, Record<OfflineAction, Reach>>> = {
  COUNSELOR,
  SUPERVISOR: OVERSEER,
  INSTITUTION_ADMINISTRATOR: OVERSEER,
};

/** @throws AppError FORBIDDEN */
export function offlineScope(actor: Actor): { institution: string } {
  if (TABLE[actor.role]?.list === undefined) throw new AppError('FORBIDDEN');
  return { institution: actor.institution };
}

/** Loads and authorises in one step. @throws AppError NOT_FOUND (another institution's, too), FORBIDDEN */
export async function accessOffline(
  ctx: Ctx,
  actor: Actor,
  id: string,
  action: OfflineAction,
): Promise<OfflineMessage> {
  const reach = TABLE[actor.role]?.[action];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  const _id = objectId(id);
  const row =
    _id && (await ctx.models.OfflineMessage.findOne({ _id, institution: actor.institution }).lean());
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该留言。' });
  if (reach === 'own' && row.taker?.toHexString() !== actor.id)
    throw new AppError('FORBIDDEN', { message: '请先领取该留言。' });
  return row;
}
