import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { changeCall } from './change.js';

/** A supervisor who is banned or deleted leaves every open thread; the counselors are told. Safe to repeat. */
export async function releaseSupervisor(ctx: Ctx, supervisor: Types.ObjectId): Promise<void> {
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
