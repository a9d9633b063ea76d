import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';

/** A supervisor who is banned or deleted leaves every open thread; the counselors are told. Safe to repeat. */
export async function releaseSupervisor(ctx: Ctx, supervisor: Types.ObjectId): Promise<void> {
  const threads = await ctx.models.Conversation.find({ openThread: true, supervisors: supervisor }).lean();
  for (const { _id, calls = [] } of threads) {
    const call = calls.find((each) => each.supervisor.equals(supervisor));
    const at = new Date(ctx.clock.now());
    const left = await ctx.models.Conversation.findOneAndUpdate(
      { _id, openThread: true, supervisors: supervisor, 'calls.supervisor': supervisor },
      {
        $set:
          call?.state === 'CALLED'
            ? { 'calls.$.state': 'DECLINED', 'calls.$.at': at }
            : { 'calls.$.leftAt': at },
        $pull: { supervisors: supervisor },
        $inc: { rev: 1 },
      },
      { returnDocument: 'after' },
    ).lean();
    if (!left) continue;
    await publishConversation(ctx, left, null);
    await postSystem(ctx, left, `sys:left:${String(left.rev)}`, {
      event: 'left',
      data: { supervisor: supervisor.toHexString() },
    });
  }
}
