/** Who finds and changes canned replies: one's own, and those of the house. One table, closed by default. */
import type { Role } from '../../contract/enums.js';
import type { CannedReply } from '../../models/canned-reply.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

/** Who writes what the whole institution uses. */
const SHARED: Partial<Record<Role, true>> = {
  SUPERVISOR: true,
  INSTITUTION_ADMINISTRATOR: true,
  SYSTEM_ADMINISTRATOR: true,
};

/** @throws AppError FORBIDDEN */
export function assertShares(actor: Actor): void {
  if (SHARED[actor.role] !== true)
    throw new AppError('FORBIDDEN', { message: '机构的常用语由督导或管理员维护，您可以添加自己的常用语。' });
}

/** What somebody finds: their own and their institution's. @throws AppError FORBIDDEN (visitors) */
export function repliesOf(actor: Actor): Record<string, unknown> {
  if (actor.role === 'VISITOR') throw new AppError('FORBIDDEN');
  return { institution: actor.institution, owner: { $in: [null, objectId(actor.id)] } };
}

/** Loads one that the caller may change. @throws AppError NOT_FOUND, FORBIDDEN */
export async function accessReply(ctx: Ctx, actor: Actor, id: string): Promise<CannedReply> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.CannedReply.findOne({ ...repliesOf(actor), _id }).lean());
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该常用语。' });
  if (row.owner === null) assertShares(actor);
  return row;
}
