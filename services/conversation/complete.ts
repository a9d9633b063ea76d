import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { lacksLine, tellChanged } from './tell-changed.js';
import { settleTransfer } from './transfer.js';

/**
 * Completes a change of owner whose node died after the compare-and-set: everybody is told, its line stands once,
 * its thread follows, the note of a warm transfer stands there. Seats are swept, and so is the line of who waits.
 * Asked of every change before it counts as told (notice/relay.ts); safe to repeat.
 */
export async function completeChange(ctx: Ctx, row: Conversation): Promise<void> {
  if (row.type !== 'COUNSELING_SESSION') return;
  const [before, last] = (row.history ?? []).slice(-2);
  const stands =
    last?.event === 'handed-over' ? 'IN_PROGRESS' : last?.event === 'requeued' ? 'WAITING' : null;
  if (row.status !== stands) return;
  if (await lacksLine(ctx, row)) await tellChanged(ctx, row, before?.counselor ?? null);
  await settleTransfer(ctx, row);
}
