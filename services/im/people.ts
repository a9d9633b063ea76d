/** Tencent's accounts are our users' ids; what a callback claims is checked against what is stored. */
import type { Conversation } from '../../models/conversation.js';
import type { User } from '../../models/user.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

/** One of our people as an actor, or null for a stranger. */
export async function personOf(ctx: Ctx, account: string): Promise<{ actor: Actor; user: User } | null> {
  const _id = objectId(account);
  const user = _id && (await ctx.models.User.findOne({ _id, deleted: false }).lean());
  return user ? { user, actor: actorOf(user) } : null;
}

function actorOf(user: User): Actor {
  return {
    id: user._id.toHexString(),
    userID: user.userID,
    role: user.role,
    institution: user.institution,
    name: user.name,
    // Tencent's client holds a UserSig and no session of ours.
    session: 'tencent-im',
  };
}

/** The conversation that a message names: bare, or in JSON as {conversationId}. A claim, nothing more. */
export function claimedConversation(cloudCustomData: string | undefined): string | null {
  const claimed = cloudCustomData?.trim() ?? '';
  if (objectId(claimed)) return claimed;
  try {
    const parsed = JSON.parse(claimed) as { conversationId?: unknown } | null;
    const found = parsed?.conversationId;
    return typeof found === 'string' && objectId(found) ? found : null;
  } catch {
    return null;
  }
}

/** Visitor and counselor of a session; counselor and supervisors of a thread. */
export function isParty(conversation: Conversation, account: string): boolean {
  const parties =
    conversation.type === 'COUNSELING_SESSION'
      ? [conversation.visitor, conversation.counselor]
      : [conversation.counselor, ...conversation.supervisors];
  return parties.some((id) => id?.toHexString() === account);
}

/** What two accounts have with each other, newest first. */
export async function conversationsBetween(ctx: Ctx, one: string, other: string): Promise<Conversation[]> {
  const [a, b] = [objectId(one), objectId(other)];
  if (!a || !b) return [];
  return ctx.models.Conversation.find({
    $or: [
      { visitor: a, counselor: b },
      { visitor: b, counselor: a },
      { type: 'REQUEST_SUPERVISE', counselor: a, supervisors: b },
      { type: 'REQUEST_SUPERVISE', counselor: b, supervisors: a },
    ],
    deletedAt: null,
  })
    .sort({ createdAt: -1 })
    .limit(50)
    .lean();
}
