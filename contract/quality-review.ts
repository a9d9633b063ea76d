/** A supervisor's review of a session that is over: points and words that its counselor sees (all ours). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, moment, text, whole } from './answer.js';
import { blankAsAbsent, humanText, id, page, size } from './common.js';
import { QUALITY_CRITERIA } from './enums.js';

const Points = z
  .partialRecord(z.enum(QUALITY_CRITERIA), z.number().int().min(1).max(5))
  .describe('One to five points by criterion; what could not be judged is left out');

const Remark = z.strictObject({
  seq: z.number().int().min(1).describe('The message that it is about'),
  text: humanText(2_000)
    .refine((value) => value.trim() !== '', '不能为空')
    .describe('What is said about it'),
});

export const SaveQualityReview = z
  .strictObject({
    id: id.describe('The session, over'),
    points: Points.refine((points) => Object.keys(points).length > 0, '请至少为一项评分'),
    comment: humanText(8_000).default('').describe('About the whole'),
    remarks: z.array(Remark).max(100).default([]).describe('About single messages'),
  })
  .meta({ id: 'SaveQualityReview' });
export type SaveQualityReview = z.infer<typeof SaveQualityReview>;

export const ReadQualityReviews = z
  .strictObject({ id: id.describe('The session') })
  .meta({ id: 'ReadQualityReviews' });
export const OneQualityReview = z
  .strictObject({ id: id.describe('The review') })
  .meta({ id: 'OneQualityReview' });

export const QualityReview = answer('QualityReview', {
  id: text('Identifier'),
  conversationId: text('The session'),
  counselor: text('Who had it at its end'),
  reviewer: text('The supervisor'),
  reviewerName: maybeText('Their name when they saved it'),
  points: Points,
  savedTime: moment('When it was last saved'),
  readTime: maybeMoment('When the counselor said that they read it; null again when it is saved anew'),
});
export type QualityReview = z.infer<typeof QualityReview>;

/** With its words. */
export const WholeQualityReview = answer('WholeQualityReview', {
  ...QualityReview.shape,
  comment: maybeText('About the whole; null once the session is erased'),
  remarks: z
    .array(z.strictObject({ seq: whole('The message'), text: text('What is said about it') }))
    .nullable()
    .describe('About single messages; null once the session is erased'),
});
export type WholeQualityReview = z.infer<typeof WholeQualityReview>;

export const ListQualityReviews = z
  .strictObject({
    counselor: blankAsAbsent(id).describe('Of one counselor only'),
    unread: blankAsAbsent(
      z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true'),
    ).describe('true or 1: only those that the counselor has not read yet'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListQualityReviews' });
export type ListQualityReviews = z.infer<typeof ListQualityReviews>;
