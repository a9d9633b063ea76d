import type { Types } from 'mongoose';
import type { Call, Conversation, Deadline } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { targetOf } from '../conversation/lifecycle.js';

const TRIES = 8;

/**
 * Changes one supervisor's row of an open thread by compare-and-set on the thread's rev: rows of others, changed
 * meanwhile, are kept. Who hears the thread and whether it has begun follow from the rows.
 * @param next the row as it is to be; null leaves everything as it is
 * @returns the thread afterwards; `changed` false when `next` said null. null when there is no open thread
 * @throws AppError CONFLICT when it keeps changing under us
 */
export async function changeCall(
  ctx: Ctx,
  id: Types.ObjectId,
  supervisor: Types.ObjectId,
  next: (call: Call | undefined) => Call | null,
): Promise<{ thread: Conversation; changed: boolean } | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const thread = await ctx.models.Conversation.findOne({ _id: id, openThread: true }).lean();
    if (!thread) return null;
    const rows = thread.calls ?? [];
    const before = rows.find((row) => row.supervisor.equals(supervisor));
    const call = next(before);
    if (!call) return { thread, changed: false };
    const others = rows.filter((row) => !row.supervisor.equals(supervisor));
    const calls = [...(isIn(call) ? others.map(passOver) : others), call];
    const deadlines = await timerOf(ctx, thread, calls, call, before);
    const begins = call.state === 'ACCEPTED' && thread.startAt === null;
    const written = await ctx.models.Conversation.findOneAndUpdate(
      { _id: id, openThread: true, rev: thread.rev },
      {
        $set: {
          calls,
          deadlines,
          supervisors: calls.filter(hears).map((row) => row.supervisor),
          ...(begins ? { startAt: call.at, status: targetOf('assign', thread.status) ?? thread.status } : {}),
        },
        $inc: { rev: 1 },
      },
      { returnDocument: 'after' },
    ).lean();
    if (written) {
      for (const { kind, at } of deadlines) await ctx.waker.wake(id.toHexString(), kind, at);
      return { thread: written, changed: true };
    }
  }
  throw new AppError('CONFLICT', { message: '该督导请求刚刚发生了变化，请刷新后重试。' });
}

/** Called and neither declined nor gone. */
export const hears = (call: Call) => call.state !== 'DECLINED' && call.leftAt === null;

/**
 * The time to the supervisor: it runs from a fresh call until somebody joins. Whoever said no last is not waited
 * for: the next is called at once.
 */
async function timerOf(
  ctx: Ctx,
  thread: Conversation,
  calls: Call[],
  call: Call,
  before: Call | undefined,
): Promise<Deadline[]> {
  if (calls.some(isIn)) return [];
  const pending = calls.some(({ state, leftAt }) => state === 'CALLED' && leftAt === null);
  if (call.state === 'DECLINED' && !pending && before?.state === 'CALLED')
    return [{ kind: 'call', at: new Date(ctx.clock.now()) }];
  const isFresh = call.state === 'CALLED' && before?.at.getTime() !== call.at.getTime();
  if (thread.deadlines.length > 0 || !isFresh) return thread.deadlines;
  return [{ kind: 'call', at: new Date(call.at.getTime() + (await answerMs(ctx, thread))) }];
}

/** Somebody else has come: nobody waits for their answer any more, which still counts. */
const passOver = (call: Call): Call =>
  call.state === 'CALLED' && call.leftAt === null ? { ...call, state: 'ESCALATED' } : call;

/** While somebody is in danger nobody is waited for longer than this (peers.md, section 5). */
const ALARM_MS = 60_000;

export async function answerMs(ctx: Pick<Ctx, 'policies'>, thread: Conversation): Promise<number> {
  const { supervisorAnswerSeconds } = await ctx.policies.get(thread.institution);
  return thread.alarm ? Math.min(ALARM_MS, supervisorAnswerSeconds * 1_000) : supervisorAnswerSeconds * 1_000;
}

/** Answered, and still there. */
export const isIn = ({ state, leftAt }: Call) => state === 'ACCEPTED' && leftAt === null;
