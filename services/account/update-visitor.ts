import type { UpdateVisitor } from '../../contract/account.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { sealPrivate } from './private-fields.js';

/**
 * What a visitor says of themselves (document section 18); it activates them. Their phone is their word: it signs
 * nobody in.
 * @throws AppError FORBIDDEN for staff
 */
export async function updateVisitor(ctx: Ctx, actor: Actor, input: UpdateVisitor): Promise<void> {
  const _id = objectId(actor.id);
  if (actor.role !== 'VISITOR' || !_id) throw new AppError('FORBIDDEN');
  const whose = { _id, institution: actor.institution };
  const sealed = await sealPrivate(ctx, whose, {
    phone: input.phoneNumber,
    emergencyContact: input.emergencyContact,
    emergencyPhone: input.emergencyPhone,
  });
  await ctx.models.User.updateOne(
    { _id, deleted: false },
    { $set: { name: input.name, ...sealed, activated: true }, $addToSet: { unproved: 'phone' } },
  );
  await ctx.models.User.updateOne(
    { _id, activatedAt: null },
    { $set: { activatedAt: new Date(ctx.clock.now()) } },
  );
  // Lists find and sort by the name that stands on the conversation.
  await ctx.models.Conversation.updateMany(
    { visitor: _id, visitorName: { $ne: input.name } },
    { $set: { visitorName: input.name } },
  );
}
