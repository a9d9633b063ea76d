import type { OutboxRow } from '../../models/outbox.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';

/** Writes a row that is due now; the same `_id` again is the same row. */
export async function putNotice(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  row: Pick<OutboxRow, '_id' | 'channel' | 'receiver' | 'template' | 'data'> & {
    institution: string;
    order: number;
  },
): Promise<void> {
  const now = new Date(ctx.clock.now());
  try {
    await ctx.models.Outbox.create({ ...row, dueAt: now, createdAt: now });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
