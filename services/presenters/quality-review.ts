import type { QualityReview as Wire, WholeQualityReview } from '../../contract/quality-review.js';
import type { Conversation } from '../../models/conversation.js';
import type { QualityReview } from '../../models/quality-review.js';
import type { Ctx } from '../context.js';
import { openWords } from '../risk/sealed.js';

export function presentReview(row: Omit<QualityReview, 'words'>): Wire {
  return {
    id: row._id.toHexString(),
    conversationId: row.conversation.toHexString(),
    counselor: row.counselor.toHexString(),
    reviewer: row.reviewer.toHexString(),
    reviewerName: row.reviewerName,
    points: row.points,
    savedTime: row.savedAt.getTime(),
    readTime: row.readAt?.getTime() ?? null,
  };
}

export async function presentWholeReview(
  ctx: Pick<Ctx, 'keys'>,
  session: Pick<Conversation, 'key' | 'institution'>,
  row: QualityReview,
): Promise<WholeQualityReview> {
  const text = await openWords(ctx, session, ['qualityReviews', 'words', row._id], row.words);
  const words =
    text === null
      ? { comment: null, remarks: null }
      : (JSON.parse(text) as { comment: string; remarks: { seq: number; text: string }[] });
  return { ...presentReview(row), comment: words.comment, remarks: words.remarks };
}
