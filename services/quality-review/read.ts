import type { Listing } from '../../contract/common.js';
import type {
  ListQualityReviews,
  QualityReview as Wire,
  WholeQualityReview,
} from '../../contract/quality-review.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { auditReading } from '../message/reading.js';
import { readPage } from '../page.js';
import { accessConversation } from '../policies/conversation.js';
import { careScope } from '../policies/care-scope.js';
import { presentReview, presentWholeReview } from '../presenters/quality-review.js';

const AS_OTHERS = '没有找到该评阅。';

/**
 * The reviews of one session with their words; read by whoever takes no part it is written down first.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function readReviews(ctx: Ctx, actor: Actor, id: string): Promise<WholeQualityReview[]> {
  const { conversation, relation } = await accessConversation(ctx, actor, id, 'read-review');
  const rows = await ctx.models.QualityReview.find({ conversation: conversation._id })
    .sort({ savedAt: 1, _id: 1 })
    .lean();
  if (rows.length > 0) await auditReading(ctx, actor, conversation, relation, 'QUALITY');
  return Promise.all(rows.map((row) => presentWholeReview(ctx, conversation, row)));
}

/** Reviews in the caller's reach without their words, newest first. @throws AppError FORBIDDEN, NOT_FOUND */
export async function listReviews(ctx: Ctx, actor: Actor, input: ListQualityReviews): Promise<Listing<Wire>> {
  const asked = input.counselor === undefined ? null : objectId(input.counselor);
  if (input.counselor !== undefined && !asked) throw new AppError('NOT_FOUND', { message: AS_OTHERS });
  const filter = {
    $and: [
      await careScope(ctx, actor, { counselor: 'counselor', supervisor: 'reviewer' }),
      asked ? { counselor: asked } : {},
    ],
    ...(input.unread ? { readAt: null } : {}),
  };
  const wanted = { filter, sort: { savedAt: -1, _id: -1 }, fields: { words: 0 } } as const;
  const { rows, ...place } = await readPage(ctx.models.QualityReview, wanted, input);
  return { rows: rows.map(presentReview), ...place };
}

/** The counselor has read it; again is harmless. @throws AppError NOT_FOUND, FORBIDDEN */
export async function markReviewRead(ctx: Ctx, actor: Actor, id: string): Promise<Wire> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.QualityReview.findById(_id, { words: 0 }).lean());
  if (!row) throw new AppError('NOT_FOUND', { message: AS_OTHERS });
  await accessConversation(ctx, actor, row.conversation.toHexString(), 'mark-review-read');
  const readAt = new Date(ctx.clock.now());
  // What was saved anew meanwhile has not been read.
  const read = await ctx.models.QualityReview.updateOne(
    { _id: row._id, readAt: null, savedAt: row.savedAt },
    { $set: { readAt } },
  );
  return presentReview(read.modifiedCount === 1 ? { ...row, readAt } : row);
}
