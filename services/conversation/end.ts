import type { Role } from '../../contract/enums.js';
import type { EndCause } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { leaveQueue } from '../matchmaking/queue.js';
import { dropOffer } from '../matchmaking/offer-told.js';
import { leaveSeat } from '../matchmaking/wrap-up.js';
import { showEmergencyCard } from '../message/emergency-card.js';
import { postSystem } from '../message/system.js';
import { accessConversation, type Relation } from '../policies/conversation.js';
import { chapter } from './history.js';
import { moveOf, sourcesOf, targetOf } from './lifecycle.js';
import { publishConversation } from './publish.js';

/**
 * Ends a conversation for somebody (document section 26b): either side, at any time, also while it waits; ending
 * twice is harmless. When this answers, every later send is refused and the freed seat has been offered on.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function endConversation(ctx: Ctx, actor: Actor, id: string): Promise<Conversation> {
  const { conversation, relation } = await accessConversation(ctx, actor, id, 'end');
  return finishConversation(
    ctx,
    conversation._id.toHexString(),
    causeOf(relation, actor.role, conversation),
    actor.id,
  );
}

function causeOf(relation: Relation, role: Role, conversation: Conversation): EndCause {
  if (relation === 'visitor')
    return conversation.status === 'WAITING' ? 'VISITOR_LEFT_QUEUE' : 'VISITOR_ENDED';
  // Taken over: the supervisor is its owner.
  if (relation === 'counselor') return role === 'SUPERVISOR' ? 'SUPERVISOR_ENDED' : 'COUNSELOR_ENDED';
  if (relation === 'called') return 'SUPERVISOR_ENDED';
  return 'ADMIN_ENDED';
}

/**
 * The four steps of an end, in this order, each repeatable (design.md, "Conversation life"). Called again on what
 * is ended already it only completes what a crash left undone.
 */
export async function finishConversation(
  ctx: Ctx,
  id: string,
  cause: EndCause,
  endedBy: string | null,
): Promise<Conversation> {
  const ended = (await compareAndEnd(ctx, id, cause, endedBy)) ?? (await ctx.conversations.reload(id));
  if (!ended) throw new AppError('NOT_FOUND', { message: '没有找到该会话。' });
  if (ended.sealed !== false) return ended;
  ctx.conversations.drop(id);
  return completeEnd(ctx, ended);
}

/** Step 1: the status, by compare-and-set; null when it was ended before. */
async function compareAndEnd(
  ctx: Ctx,
  id: string,
  cause: EndCause,
  endedBy: string | null,
): Promise<Conversation | null> {
  const move = moveOf(cause);
  for (const from of sourcesOf(move)) {
    const at = new Date(ctx.clock.now());
    const ended = await ctx.models.Conversation.findOneAndUpdate(
      { _id: objectId(id), status: from },
      [
        {
          $set: {
            status: targetOf(move, from),
            endAt: at,
            endCause: cause,
            endedBy: endedBy === null ? null : objectId(endedBy),
            sealed: false,
            deadlines: [],
            history: {
              $concatArrays: [{ $ifNull: ['$history', []] }, [chapter('ended', null, at.getTime())]],
            },
            untold: true,
            rev: { $add: ['$rev', 1] },
            attempt: { $add: ['$attempt', 1] },
            duration: {
              $cond: [
                { $eq: ['$startAt', null] },
                null,
                // Numbers, not dates: the faster stand-in database (README) subtracts no dates.
                { $floor: { $divide: [{ $subtract: [at.getTime(), { $toLong: '$startAt' }] }, 1000] } },
              ],
            },
          },
        },
        { $unset: ['open', 'openThread'] },
      ],
      { returnDocument: 'after', updatePipeline: true },
    ).lean();
    if (ended) return ended;
  }
  return null;
}

/** The thread between counselor and supervisor ends with its session, before the session counts as sealed. */
async function endThread(ctx: Ctx, session: Conversation): Promise<void> {
  const thread = await ctx.models.Conversation.findOne(
    { session: session._id, openThread: true },
    { _id: 1 },
  ).lean();
  if (thread) await finishConversation(ctx, thread._id.toHexString(), 'SESSION_ENDED', null);
}

/** Steps 2 to 4; also what the sweeper does for an end that was not completed. */
export async function completeEnd(ctx: Ctx, ended: Conversation): Promise<Conversation> {
  const id = ended._id.toHexString();
  // A thread stands in no line and holds no seat.
  const inLine = ended.type === 'COUNSELING_SESSION';
  if (inLine) await leaveQueue(ctx, ended);
  if (inLine && ended.counselor) await leaveSeat(ctx, ended, ended.counselor);
  if (inLine && ended.offer) await dropOffer(ctx, ended, ended.offer.counselor);
  const admitted = inLine ? ctx.admissions.admit(ended.institution) : Promise.resolve();
  // What else helps is said before the end marker closes the transcript (I7).
  if (ended.endCause === 'NOBODY_FREE') await showEmergencyCard(ctx, ended, 'waiting');
  const marker = await postSystem(ctx, ended, 'sys:end', { event: 'ended', data: { cause: ended.endCause } });
  if (inLine) await endThread(ctx, ended);
  const sealed = await ctx.models.Conversation.findOneAndUpdate(
    { _id: ended._id },
    { $set: { sealed: true, sealedSeq: marker.seq }, $max: { lastSeq: marker.seq } },
    { returnDocument: 'after' },
  ).lean();
  ctx.conversations.drop(id);
  await publishConversation(ctx, sealed ?? ended, null);
  await admitted;
  return sealed ?? ended;
}
