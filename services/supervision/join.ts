import type { Conversation } from '../../models/conversation.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { changeCall } from './change.js';
import { ensureThread } from './thread.js';

/**
 * The supervisor sits in the session's thread, as if they had accepted a call. Safe to repeat.
 * @param when `if-called` leaves alone who was not called
 * @returns the thread; null when there is none, or it ended in this moment
 */
export async function joinThread(
  ctx: Ctx,
  actor: Actor,
  session: Conversation,
  when: 'always' | 'if-called',
): Promise<Conversation | null> {
  const supervisor = objectId(actor.id);
  const open = { session: session._id, openThread: true as const };
  const thread =
    when === 'always'
      ? await ensureThread(ctx, session)
      : await ctx.models.Conversation.findOne({ ...open, 'calls.supervisor': supervisor }).lean();
  if (!thread || !supervisor) return null;
  const at = new Date(ctx.clock.now());
  const joined = await changeCall(ctx, thread._id, supervisor, (call) => {
    if (call?.state === 'ACCEPTED' && !call.leftAt) return null;
    if (when === 'if-called' && call?.state === 'DECLINED') return null;
    return { supervisor, state: 'ACCEPTED', at, reachedAt: call?.reachedAt ?? at, leftAt: null };
  });
  if (!joined?.changed) return joined?.thread ?? null;
  await publishConversation(ctx, joined.thread, null);
  await postSystem(ctx, joined.thread, `sys:joined:${String(joined.thread.rev)}`, {
    event: 'joined',
    data: { supervisor: actor.id },
  });
  return joined.thread;
}
