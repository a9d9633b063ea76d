/** Quality reviews of sessions by supervisors (ours). */
import { z } from 'zod';
import {
  ListQualityReviews,
  OneQualityReview,
  QualityReview,
  ReadQualityReviews,
  SaveQualityReview,
  WholeQualityReview,
} from '../../../contract/quality-review.js';
import { listReviews, markReviewRead, readReviews } from '../../../services/quality-review/read.js';
import { saveReview } from '../../../services/quality-review/save.js';
import { route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ask = { dialect: 'ours', section: 'review', method: 'get', from: 'query', auth: STAFF } as const;

export const qualityReviewRoutes = [
  route({
    ...ask,
    method: 'put',
    from: 'json',
    auth: ['SUPERVISOR'],
    path: '/api/v1/conversations/{id}/review',
    summary: '督导评阅一次已结束的会谈',
    input: SaveQualityReview,
    answer: WholeQualityReview,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => saveReview(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/conversations/{id}/reviews',
    summary: '一次会谈的评阅与评语',
    input: ReadQualityReviews,
    answer: z.array(WholeQualityReview),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readReviews(ctx, actor, input.id),
  }),
  route({
    ...ask,
    path: '/api/v1/reviews',
    summary: '评阅列表（不含评语）',
    input: ListQualityReviews,
    list: true,
    answer: QualityReview,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listReviews(ctx, actor, input),
  }),
  route({
    ...ask,
    method: 'post',
    from: 'json',
    auth: ['COUNSELOR'],
    path: '/api/v1/reviews/{id}/read',
    summary: '咨询师已阅读评阅',
    input: OneQualityReview,
    answer: QualityReview,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => markReviewRead(ctx, actor, input.id),
  }),
];
