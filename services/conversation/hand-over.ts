/**
 * A conversation changes its owner, warm (to a named counselor) or cold (back to the queue: requeue.ts). It never
 * stands without an owner that is not the queue (I22), keeps its seq, and tells of it by a numbered message.
 */
import type { Types, UpdateQuery } from 'mongoose';
import type { Conversation, Deadline } from '../../models/conversation.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { restAfter } from '../matchmaking/rest.js';
import { pullAttempt, pullSeat, takeSeat } from '../matchmaking/seat.js';
import { accessConversation } from '../policies/conversation.js';
import { chapter } from './history.js';
import { tellChanged } from './tell-changed.js';

/** Whoever is in danger is given by one name to another: never to the queue, never unasked. */
export const NEVER_NOBODYS = '高风险会话需要由接手的咨询师本人确认，请使用需要对方确认的转接。';

export const changed = () => new AppError('CONFLICT', { message: '该会话刚刚发生了变化，请刷新后重试。' });

/**
 * Hands a running session to a named counselor: their seat first, where presence, cap and seats are judged in one
 * step, then the owner by compare-and-set, then the former owner's seat. Asking again answers what is done.
 * @param unasked also a high-risk one: back to whom it was taken from
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running; they are off line or full; high risk), CONFLICT
 */
export async function transferConversation(
  ctx: Ctx,
  actor: Actor,
  id: string,
  counselor: string,
  { unasked = false }: { unasked?: boolean } = {},
): Promise<Conversation> {
  const { conversation } = await accessConversation(ctx, actor, id, 'hand-over');
  const row = (await ctx.conversations.reload(id)) ?? conversation;
  const target = await accessTarget(ctx, row, counselor);
  if (row.status === 'IN_PROGRESS' && row.counselor?.equals(target._id)) return row;
  if (row.type !== 'COUNSELING_SESSION' || row.status !== 'IN_PROGRESS' || !row.counselor)
    throw new AppError('RULE_REFUSED', { message: '只有进行中的会话可以转接。' });
  if (row.risk === 'high' && !unasked) throw new AppError('RULE_REFUSED', { message: NEVER_NOBODYS });
  return handOver(ctx, actor, row, target, { why: '由同事转接' });
}

/** What a hand-over writes besides the owner, and tells besides the names. */
export interface HandOver {
  why: string;
  set?: Omit<NonNullable<UpdateQuery<Conversation>['$set']>, 'deadlines'>;
  /** As they are to stand; left out = as they do, but for a lost connection's. */
  deadlines?: Deadline[];
  told?: Record<string, number>;
}

/**
 * Seat, owner, former seat, in this order; the caller asked for permission already.
 * @throws AppError RULE_REFUSED (they are off line or full), CONFLICT
 */
export async function handOver(
  ctx: Ctx,
  actor: Actor,
  row: Conversation,
  target: Pick<User, '_id' | 'name'>,
  how: HandOver,
): Promise<Conversation> {
  if (!row.counselor) throw changed();
  const attempt = row.attempt + 1;
  const seated =
    (await takeSeat(ctx, target._id, row._id, attempt)) ||
    (await isSeated(ctx, target._id, row._id, attempt));
  if (!seated)
    throw new AppError('RULE_REFUSED', { message: '对方当前不在线或接待人数已满，请选择其他咨询师。' });
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: 'conversation.hand-over',
    subject: `conversation:${row._id.toHexString()}`,
    // Asked again after a crash it is the same step.
    once: ['hand-over', row._id.toHexString(), String(attempt), target._id.toHexString()].join(':'),
  });
  const handed = await changeOwner(ctx, row, target, how);
  if (!handed) {
    const now = await ctx.conversations.reload(row._id.toHexString());
    // The same step, asked for twice at once: the other has done it, and the seat is theirs.
    if (now?.counselor?.equals(target._id) && now.attempt === attempt) return now;
    await pullAttempt(ctx, target._id, row._id, attempt);
    throw changed();
  }
  await restAfter(ctx, row, row.counselor);
  await pullSeat(ctx, row.counselor, row._id);
  await tellChanged(ctx, handed, row.counselor);
  await ctx.admissions.admit(handed.institution);
  return handed;
}

/** The seat of this very step stands: its node died before the owner changed, and somebody asks again. */
async function isSeated(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
  attempt: number,
): Promise<boolean> {
  const duty = await ctx.models.Duty.findById(counselor, { seats: 1 }).lean();
  return (
    duty?.seats.some((seat) => seat.conversation.equals(conversation) && seat.attempt === attempt) === true
  );
}

/** Unknown, gone, disabled or of another institution than the conversation: all -4. */
export async function accessTarget(
  ctx: Ctx,
  row: Conversation,
  id: string,
): Promise<Pick<User, '_id' | 'name'>> {
  const _id = objectId(id);
  const target =
    _id &&
    (await ctx.models.User.findOne(
      { _id, role: 'COUNSELOR', institution: row.institution, deleted: false, enabled: true },
      { name: 1 },
    ).lean());
  if (!target) throw new AppError('NOT_FOUND', { message: '没有找到该咨询师。' });
  return target;
}

async function changeOwner(
  ctx: Ctx,
  row: Conversation,
  target: Pick<User, '_id' | 'name'>,
  how: HandOver,
): Promise<Conversation | null> {
  const line = { from: row.counselor?.toHexString() ?? '', ...how.told };
  return ctx.models.Conversation.findOneAndUpdate(
    {
      _id: row._id,
      status: 'IN_PROGRESS',
      counselor: row.counselor,
      attempt: row.attempt,
      // What is written as a whole must not lose what changed meanwhile.
      ...(how.deadlines ? { rev: row.rev } : {}),
    },
    {
      $set: {
        counselor: target._id,
        counselorName: target.name,
        assignedWhy: how.why,
        untold: true,
        ...how.set,
        ...(how.deadlines ? { deadlines: how.deadlines } : {}),
      },
      $push: { history: chapter('handed-over', target._id, ctx.clock.now(), line) },
      // Whose connection was lost is not the owner any more.
      ...(how.deadlines ? {} : { $pull: { deadlines: { kind: 'dropped' as const } } }),
      $inc: { rev: 1, attempt: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
}
