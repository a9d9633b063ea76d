/** A supervisor's review of a session that is over: written by who was bound to it or called, seen by its counselor. */
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { SaveQualityReview, WholeQualityReview } from '../../contract/quality-review.js';
import type { QualityReview } from '../../models/quality-review.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { auditReading } from '../message/reading.js';
import { accessConversation } from '../policies/conversation.js';
import { presentWholeReview } from '../presenters/quality-review.js';
import { sealWords } from '../risk/sealed.js';

/**
 * Saves the caller's review of a session, or writes it anew; the counselor is told and has not read it. Whoever
 * judges a transcript has read it, which is written down as such.
 * @throws AppError NOT_FOUND, FORBIDDEN (neither bound nor called), RULE_REFUSED (not over, never served), BAD_INPUT
 * (a remark on no message of it)
 */
export async function saveReview(
  ctx: Ctx,
  actor: Actor,
  input: SaveQualityReview,
): Promise<WholeQualityReview> {
  const { conversation, relation } = await accessConversation(ctx, actor, input.id, 'write-review');
  const session = (await ctx.conversations.reload(input.id)) ?? conversation;
  const { counselor } = session;
  if (!session.endAt || !session.startAt || !counselor)
    throw new AppError('RULE_REFUSED', { message: '会谈结束后才能评阅。' });
  const about = [...new Set(input.remarks.map(({ seq }) => seq))];
  const known = { conversation: session._id, seq: { $in: about } };
  if (about.length > 0 && (await ctx.models.Message.countDocuments(known)) < about.length)
    throw new AppError('BAD_INPUT', { message: '评语所指的消息不存在，请刷新后重试。' });
  await auditReading(ctx, actor, session, relation, 'QUALITY');
  const _id = reviewId(session._id, actor.id);
  const { points, comment, remarks } = input;
  const row: QualityReview = {
    _id,
    institution: session.institution,
    conversation: session._id,
    counselor,
    reviewer: new Types.ObjectId(actor.id),
    reviewerName: actor.name,
    points,
    words: await sealWords(
      ctx,
      session,
      ['qualityReviews', 'words', _id],
      JSON.stringify({ comment, remarks }),
    ),
    savedAt: new Date(ctx.clock.now()),
    readAt: null,
  };
  await ctx.audit.write({
    institution: session.institution,
    actor,
    action: 'quality-review.save',
    subject: `conversation:${input.id}`,
  });
  const { _id: id, ...values } = row;
  await ctx.models.QualityReview.updateOne({ _id: id }, { $set: values }, { upsert: true });
  ctx.bus.publish({
    name: 'review.saved',
    counselor: counselor.toHexString(),
    id: id.toHexString(),
    conversation: input.id,
  });
  return presentWholeReview(ctx, session, row);
}

/** One review each: whoever saves it twice at once writes one row. */
const reviewId = (session: Types.ObjectId, reviewer: string): Types.ObjectId =>
  new Types.ObjectId(
    createHash('sha256').update(`${session.toHexString()}\0${reviewer}`).digest().subarray(0, 12),
  );
