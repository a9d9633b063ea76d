import type { Notice } from '../../contract/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { templateOf } from './ready-notice.js';

const gone = () => new AppError('NOT_FOUND', { message: '该账号已不存在。' });

/**
 * Whether a visitor of a mini-program can be told, and will be, when somebody is ready for them.
 * @throws AppError FORBIDDEN for staff, NOT_FOUND
 */
export async function readNotice(ctx: Ctx, actor: Actor): Promise<Notice> {
  if (actor.role !== 'VISITOR') throw new AppError('FORBIDDEN');
  const visitor = await ctx.models.User.findById(objectId(actor.id), { wechat: 1, subscribe: 1 }).lean();
  if (!visitor) throw gone();
  const template = templateOf(ctx, visitor.wechat)?.template ?? null;
  return { template, wanted: template !== null && visitor.subscribe };
}

/**
 * What the visitor answered to WeChat's question. Each yes is good for one notice; WeChat itself says when none is left.
 * @throws AppError FORBIDDEN for staff, NOT_FOUND
 */
export async function setNotice(ctx: Ctx, actor: Actor, wanted: boolean): Promise<Notice> {
  if (actor.role !== 'VISITOR') throw new AppError('FORBIDDEN');
  const filter = { _id: objectId(actor.id), deleted: false };
  const written = await ctx.models.User.updateOne(filter, { $set: { subscribe: wanted } });
  if (written.matchedCount === 0) throw gone();
  return readNotice(ctx, actor);
}
