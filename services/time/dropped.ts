import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { requeueConversation } from '../conversation/requeue.js';
import { DROP_GRACE_MS, disarmDrop } from '../presence/lost.js';
import { moveDeadline } from './move.js';
import { upSince } from './uptime.js';

/**
 * The grace of a counselor who lost their connection is over: the session waits again in front. When the whole
 * platform was down nobody could come back: the grace begins anew at boot (design.md, "Time").
 */
export async function fireDropped(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  const owner = row.counselor;
  const duty = owner && (await ctx.models.Duty.findById(owner).lean());
  if (!owner || !duty?.lostAt) {
    // They are back, or it is somebody else's by now.
    await disarmDrop(ctx, row);
    return false;
  }
  const due = Math.max(at, ((await upSince(ctx)) ?? 0) + DROP_GRACE_MS);
  if (due > ctx.clock.now()) {
    await moveDeadline(ctx, row, 'dropped', at, due);
    return false;
  }
  const again = await requeueConversation(ctx, row._id, owner, 'COUNSELOR_DROPPED', new Date(at));
  if (again) await ctx.admissions.admit(row.institution);
  return again;
}
