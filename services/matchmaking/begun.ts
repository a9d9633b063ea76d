import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { tellBegun } from './begin.js';

/**
 * Completes an assignment whose node died after the compare-and-set: its line stands once, the visitor is out of the
 * queue, deadlines are woken. Asked of every change before it counts as told (notice/relay.ts); safe to repeat.
 */
export async function completeBegun(ctx: Ctx, row: Conversation): Promise<void> {
  if (row.type !== 'COUNSELING_SESSION' || row.status !== 'IN_PROGRESS') return;
  const chapters = row.history ?? [];
  if (chapters.at(-1)?.event !== 'assigned') return;
  const assignments = chapters.filter(({ event }) => event === 'assigned').length;
  const told = await ctx.models.Message.countDocuments({ conversation: row._id, event: 'assigned' });
  if (told < assignments) await tellBegun(ctx, row, row);
}
