/** Who may rate what; closed by default (endpoints.tsv, 38a). */
import type { EvaluationObject } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { relationTo, type Relation } from './conversation.js';

const SESSION: Record<EvaluationObject, readonly Relation[]> = {
  CONVERSATION: ['visitor', 'called', 'bound'],
  COUNSELOR: ['visitor', 'called', 'bound'],
};

/** The thread between counselor and supervisor is never rated; the session it belongs to is. */
export async function mayRate(
  ctx: Ctx,
  actor: Actor,
  objectType: EvaluationObject,
  conversation: Conversation,
): Promise<boolean> {
  if (conversation.type !== 'COUNSELING_SESSION') return false;
  const relation =
    (await relationTo(ctx, actor, conversation)) ?? (await calledToThread(ctx, actor, conversation));
  return relation !== null && SESSION[objectType].includes(relation);
}

/** A supervisor is called to the thread of a session; the session itself need not name them. */
async function calledToThread(ctx: Ctx, actor: Actor, conversation: Conversation): Promise<Relation | null> {
  if (actor.role !== 'SUPERVISOR' || conversation.institution !== actor.institution) return null;
  const called = await ctx.models.Conversation.exists({
    session: conversation._id,
    supervisors: objectId(actor.id),
  });
  return called ? 'called' : null;
}
