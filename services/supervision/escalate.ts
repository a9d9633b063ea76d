/** A call that nobody answered goes to the next supervisor on duty, then to all of them. */
import type { Call, Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { answerMs, hears, isIn } from './change.js';
import { supervisorsOnDuty } from './on-duty.js';

/**
 * One step of the escalation by compare-and-set on the thread's rev and the very deadline. Once all were called the
 * timer rests: the counselor sees by the calls that nobody came. An alarm does not rest: all are called again.
 */
export async function escalate(ctx: Ctx, thread: Conversation, at: number): Promise<boolean> {
  const rows = thread.calls ?? [];
  if (thread.openThread !== true || rows.some(isIn)) return false;
  const known = new Set(rows.map(({ supervisor }) => supervisor.toHexString()));
  const onDuty = await supervisorsOnDuty(ctx, thread.institution, thread.counselor);
  const others = onDuty.filter((id) => !known.has(id.toHexString()));
  const wasEscalated = rows.some(({ state }) => state === 'ESCALATED');
  const next = wasEscalated ? others : others.slice(0, 1);
  const now = new Date(ctx.clock.now());
  const calls: Call[] = [
    ...rows.map((row) =>
      row.state === 'CALLED' && !row.leftAt ? { ...row, state: 'ESCALATED' as const } : row,
    ),
    ...next.map((supervisor) => ({
      supervisor,
      state: 'CALLED' as const,
      at: now,
      reachedAt: null,
      leftAt: null,
    })),
  ];
  const again = new Date(now.getTime() + (await answerMs(ctx, thread)));
  const told =
    next.length === 0 && thread.alarm ? calls.filter(hears).map(({ supervisor }) => supervisor) : next;
  const goesOn = next.length > 0 || thread.alarm === true;
  const written = await ctx.models.Conversation.findOneAndUpdate(
    {
      _id: thread._id,
      openThread: true,
      rev: thread.rev,
      deadlines: { $elemMatch: { kind: 'call', at: new Date(at) } },
    },
    {
      $set: {
        calls,
        supervisors: calls.filter(hears).map(({ supervisor }) => supervisor),
        deadlines: goesOn ? [{ kind: 'call', at: again }] : [],
      },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!written) return false;
  if (goesOn) await ctx.waker.wake(thread._id.toHexString(), 'call', again);
  await publishConversation(ctx, written, null);
  for (const supervisor of told)
    ctx.bus.publish({
      name: 'supervision.requested',
      supervisor: supervisor.toHexString(),
      conversation: thread._id.toHexString(),
      session: thread.session?.toHexString() ?? '',
      ...(thread.alarm ? { alarm: true as const } : {}),
    });
  await ctx.audit.write({
    institution: thread.institution,
    actor: null,
    action: 'supervision.escalate',
    subject: `conversation:${thread._id.toHexString()}`,
  });
  return true;
}
