import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { ExtendConversation } from '../../contract/matchmaking.js';
import type { Conversation, Deadline } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { waitingFilter } from '../matchmaking/queue.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import type { Policy } from '../policy/rules.js';
import { presentConversation } from '../presenters/conversation.js';
import { publishConversation } from './publish.js';

/**
 * Gives a running session more time, once, for a reason; not while somebody at high risk waits for a counselor.
 * Both sides are told by a numbered line, the cues before the end move with it.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running, was extended, the rules allow none, somebody in
 * danger waits), CONFLICT
 */
export async function extendConversation(
  ctx: Ctx,
  actor: Actor,
  input: ExtendConversation,
): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'extend');
  const row = (await ctx.conversations.reload(input.id)) ?? conversation;
  const policy = await ctx.policies.get(row.institution);
  const limit = await check(ctx, row, policy);
  const now = ctx.clock.now();
  const ms = policy.extensionMinutes * 60_000;
  const kept = row.deadlines.filter(({ kind }) => kind !== 'limit' && kind !== 'cue');
  const moved = [...kept, ...limitAndCues(policy, now, limit + ms)];
  const extended = await ctx.models.Conversation.findOneAndUpdate(
    {
      _id: row._id,
      status: 'IN_PROGRESS',
      extension: null,
      rev: row.rev,
      deadlines: { $elemMatch: { kind: 'limit', at: new Date(limit) } },
    },
    {
      $set: {
        deadlines: moved,
        extension: { by: objectId(actor.id), reason: input.reason, at: new Date(now), ms },
      },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!extended) throw new AppError('CONFLICT', { message: '该会话刚刚发生了变化，请刷新后重试。' });
  await publishConversation(ctx, extended, null);
  // Why is the institution's business; that there is more time is the visitor's too.
  await postSystem(ctx, extended, 'sys:extended', {
    event: 'extended',
    data: { minutes: policy.extensionMinutes },
  });
  await ctx.audit.write({
    institution: extended.institution,
    actor,
    action: 'conversation.extend',
    subject: `conversation:${input.id}`,
    reason: input.reason,
  });
  for (const { kind, at } of moved) await ctx.waker.wake(input.id, kind, at);
  return presentConversation(ctx, extended);
}

/** @returns when its time is over as things stand, epoch ms */
async function check(ctx: Ctx, row: Conversation, policy: Policy): Promise<number> {
  const refuse = (message: string) => new AppError('RULE_REFUSED', { message });
  const limit = row.deadlines.find(({ kind }) => kind === 'limit')?.at.getTime();
  if (row.status !== 'IN_PROGRESS' || limit === undefined) throw refuse('只有进行中的会话可以延长。');
  if (row.extension) throw refuse('每次会谈只能延长一次。');
  if (policy.extensionMinutes === 0) throw refuse('本机构的会谈不能延长，请在结束前预约下一次。');
  const urgent = await ctx.models.Conversation.exists({
    ...waitingFilter(row.institution),
    $or: [{ risk: 'high' }, { urgency: 'high' }],
  });
  if (urgent) throw refuse('有情况紧急的来访者正在等待，暂时不能延长。');
  return limit;
}

function limitAndCues(policy: Policy, now: number, limit: number): Deadline[] {
  return [
    { kind: 'limit' as const, at: new Date(limit) },
    ...policy.cueMinutes
      .map((minutes) => ({ kind: 'cue' as const, at: new Date(limit - minutes * 60_000) }))
      .filter(({ at }) => at.getTime() > now),
  ];
}
