import type { User } from '../../models/user.js';
import type { Actor, Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';
import { releaseCounselor } from '../conversation/release.js';
import { releaseSupervisor } from '../supervision/release.js';
import { ban, unban } from './ban.js';

/**
 * Bans a visitor, or disables staff (document section 15): cut off everywhere within a second, and what they are
 * in the middle of is ended or handed on. Safe to repeat.
 * @param until epoch ms at which it ends by itself; left out = when it is lifted
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT
 */
export async function disableUser(
  ctx: Ctx,
  actor: Actor,
  userId: string,
  reason: string,
  until?: number,
): Promise<void> {
  const user = await ban(ctx, actor, userId, reason, until);
  await endWork(ctx, user, actor.id);
  await audit(ctx, actor, user, 'user.ban');
}

/** Lifts a ban (document section 20); harmless where there is none. */
export async function enableUser(ctx: Ctx, actor: Actor, userId: string): Promise<void> {
  const user = await unban(ctx, actor, userId);
  await audit(ctx, actor, user, 'user.activate');
}

/**
 * A visitor's conversation ends, waiting or running; a counselor's go back to the queue and a supervisor leaves
 * every thread.
 * @param user who has been cut off already: nothing new can begin
 * @param by who is the cause
 */
export async function endWork(ctx: Ctx, user: User, by: string): Promise<void> {
  if (user.role === 'COUNSELOR') await releaseCounselor(ctx, user._id);
  if (user.role === 'SUPERVISOR') await releaseSupervisor(ctx, user._id);
  if (user.role !== 'VISITOR') return;
  const open = await ctx.models.Conversation.find({ visitor: user._id, open: true }, { _id: 1 }).lean();
  for (const { _id } of open) await finishConversation(ctx, _id.toHexString(), 'VISITOR_BANNED', by);
}

const audit = (ctx: Ctx, actor: Actor, user: User, action: string) =>
  ctx.audit.write({
    institution: user.institution,
    actor,
    action,
    subject: `user:${user._id.toHexString()}`,
  });
