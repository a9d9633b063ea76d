/** Who may do what with a conversation: by how the actor stands to it, never by what a request claims. */
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

/** How somebody stands to a conversation. */
export type Relation =
  'visitor' | 'counselor' | 'overlap' | 'called' | 'bound' | 'co-chat' | 'institution-admin' | 'system-admin';

export type ConversationAction =
  | 'read'
  | 'send'
  | 'end'
  | 'mark-read'
  | 'delete'
  | 'export'
  | 'hand-over'
  | 'call'
  | 'extend'
  | 'step-in'
  | 'end-overlap'
  | 'alarm'
  | 'read-marks'
  | 'write-record'
  | 'read-record'
  | 'write-review'
  | 'read-review'
  | 'mark-review-read'
  | 'intake'
  | 'write-note'
  | 'read-notes'
  | 'tag';

const SESSION: Record<ConversationAction, readonly Relation[]> = {
  read: ['visitor', 'counselor', 'overlap', 'called', 'bound', 'institution-admin', 'system-admin'],
  send: ['visitor', 'counselor', 'overlap', 'co-chat'],
  end: ['visitor', 'counselor', 'system-admin'],
  'mark-read': ['visitor', 'counselor', 'overlap'],
  delete: ['institution-admin', 'system-admin'],
  export: ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  'hand-over': ['counselor', 'bound', 'institution-admin', 'system-admin'],
  call: ['counselor'],
  extend: ['counselor'],
  'step-in': ['called', 'bound'],
  'end-overlap': ['counselor', 'overlap'],
  alarm: ['counselor', 'overlap', 'called', 'bound'],
  'read-marks': ['counselor', 'overlap', 'called', 'bound', 'institution-admin', 'system-admin'],
  'write-record': ['counselor'],
  'read-record': ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  'write-review': ['called', 'bound'],
  'read-review': ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  'mark-review-read': ['counselor'],
  intake: ['visitor'],
  'write-note': ['counselor', 'called', 'bound'],
  'read-notes': ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  tag: ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
};
/** The thread between counselor and supervisor: never a visitor's (design.md, "Rooms", second wall). */
const THREAD: Record<ConversationAction, readonly Relation[]> = {
  read: ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  send: ['counselor', 'called'],
  end: ['counselor', 'called', 'system-admin'],
  'mark-read': ['counselor', 'called'],
  delete: ['institution-admin', 'system-admin'],
  export: ['called', 'bound', 'institution-admin', 'system-admin'],
  'hand-over': [],
  call: [],
  extend: [],
  'step-in': [],
  'end-overlap': [],
  alarm: [],
  'read-marks': [],
  'write-record': [],
  'read-record': [],
  'write-review': [],
  'read-review': [],
  'mark-review-read': [],
  intake: [],
  'write-note': [],
  'read-notes': [],
  tag: [],
};

export async function relationTo(
  ctx: Ctx,
  actor: Actor,
  conversation: Conversation,
): Promise<Relation | null> {
  const is = (id: { toHexString(): string } | null) => id?.toHexString() === actor.id;
  if (actor.role === 'SYSTEM_ADMINISTRATOR') return 'system-admin';
  if (conversation.institution !== actor.institution) return null;
  switch (actor.role) {
    case 'VISITOR':
      return is(conversation.visitor) ? 'visitor' : null;
    case 'COUNSELOR':
      if (is(conversation.counselor)) return 'counselor';
      return is(conversation.overlap?.counselor ?? null) ? 'overlap' : null;
    case 'INSTITUTION_ADMINISTRATOR':
      return 'institution-admin';
    case 'SUPERVISOR': {
      // Taken over: theirs until it is handed back.
      if (is(conversation.counselor)) return 'counselor';
      if (conversation.supervisors.some(is)) return 'called';
      const bound =
        conversation.counselor !== null &&
        (await ctx.models.User.exists({ _id: conversation.counselor, supervisors: objectId(actor.id) }));
      // Bound is the wider right to a session: a whisper, which joins its thread, must not take any of it away.
      if (bound) return 'bound';
      const isSession = conversation.type === 'COUNSELING_SESSION';
      return isSession && (await isCalledTo(ctx, actor, conversation)) ? 'called' : null;
    }
  }
}

/**
 * A session names nobody who was called: its visitor is told of every change of it. The thread does, and whoever
 * did not decline goes on seeing the session.
 */
async function isCalledTo(ctx: Ctx, actor: Actor, session: Conversation): Promise<boolean> {
  const supervisor = objectId(actor.id);
  const thread = await ctx.models.Conversation.exists({
    session: session._id,
    type: 'REQUEST_SUPERVISE',
    calls: { $elemMatch: { supervisor, state: { $ne: 'DECLINED' } } },
  });
  return thread !== null;
}

/** A supervisor who stepped in to speak: the entry goes when they leave, are cut off, or lose the right to it. */
const isCoChatting = (actor: Actor, { watch = [] }: Conversation): boolean =>
  actor.role === 'SUPERVISOR' &&
  watch.some(({ supervisor, mode }) => mode === 'CO_CHAT' && supervisor.toHexString() === actor.id);

/** Who takes part; whoever else may read a transcript is written down before it leaves (I15). */
export function isParty(relation: Relation, conversation: Pick<Conversation, 'type'>): boolean {
  if (relation === 'called') return conversation.type === 'REQUEST_SUPERVISE';
  return relation === 'visitor' || relation === 'counselor' || relation === 'overlap';
}

export function mayConversation(
  action: ConversationAction,
  relation: Relation | null,
  conversation: Conversation,
) {
  const table = conversation.type === 'COUNSELING_SESSION' ? SESSION : THREAD;
  return relation !== null && table[action].includes(relation);
}

/**
 * Loads and authorises in one step.
 * @throws AppError NOT_FOUND for what is unknown or another institution's, FORBIDDEN for what is not theirs
 */
export async function accessConversation(
  ctx: Ctx,
  actor: Actor,
  id: string,
  action: ConversationAction,
): Promise<{ conversation: Conversation; relation: Relation }> {
  const conversation = await ctx.conversations.get(id);
  if (!conversation) throw new AppError('NOT_FOUND', { message: '没有找到该会话。' });
  const speaks = action === 'send' && isCoChatting(actor, conversation);
  const relation = speaks ? 'co-chat' : await relationTo(ctx, actor, conversation);
  if (relation !== null && mayConversation(action, relation, conversation)) return { conversation, relation };
  // Another institution's conversation does not exist for this caller (I14).
  const foreign = conversation.institution !== actor.institution;
  throw new AppError(foreign ? 'NOT_FOUND' : 'FORBIDDEN', foreign ? { message: '没有找到该会话。' } : {});
}
