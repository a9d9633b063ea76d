import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { requeueOwned } from '../conversation/requeue.js';
import { changeCall } from './change.js';
import { endWatches } from './watch.js';

/**
 * A supervisor who is banned or deleted leaves every session and open thread; the counselors are told. What they
 * took over goes back to the queue: nobody is left without an owner (I22). Safe to repeat.
 */
export async function releaseSupervisor(ctx: Ctx, supervisor: Types.ObjectId): Promise<void> {
  await endWatches(ctx, supervisor);
  await requeueOwned(ctx, supervisor, 'COUNSELOR_RELEASED');
  const threads = await ctx.models.Conversation.find({ openThread: true, supervisors: supervisor }).lean();
  const at = new Date(ctx.clock.now());
  for (const { _id } of threads) {
    const left = await changeCall(ctx, _id, supervisor, (call) => {
      if (!call || call.leftAt || call.state === 'DECLINED') return null;
      return call.state === 'CALLED' ? { ...call, state: 'DECLINED', at } : { ...call, leftAt: at };
    });
    if (!left?.changed) continue;
    await publishConversation(ctx, left.thread, null);
    await postSystem(ctx, left.thread, `sys:left:${String(left.thread.rev)}`, {
      event: 'left',
      data: { supervisor: supervisor.toHexString() },
    });
  }
}
