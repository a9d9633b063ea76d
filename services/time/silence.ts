/**
 * Silence is looked at when it is due, not written with every message: a deadline that finds a newer word moves
 * itself behind it.
 */
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import type { Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';
import { postSystem } from '../message/system.js';
import { alarmOfSilence } from '../supervision/alarm.js';
import { moveDeadline } from './move.js';
import { upSince } from './uptime.js';

/** A question that is later than this is left out: the next one comes soon enough. */
const STALE_MS = 60_000;

/** Ends a session in which nobody spoke for as long as the policy bears; a high-risk one never: its supervisors are called. */
export async function fireSilence(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  const policy = await ctx.policies.get(row.institution);
  const due = (await silentSince(ctx, row)) + policy.silenceCloseMs;
  const now = ctx.clock.now();
  if (due <= now && row.risk === 'high') {
    // Nobody who may be in danger is sent away for having no words; somebody is to look instead.
    await alarmOfSilence(ctx, row, due - policy.silenceCloseMs);
    await moveDeadline(ctx, row, 'silence', at, now + policy.silenceCloseMs);
    return true;
  }
  if (due <= now) {
    await finishConversation(ctx, row._id.toHexString(), 'SILENCE', null);
    return true;
  }
  await moveDeadline(ctx, row, 'silence', at, due);
  return false;
}

/** Asks whether the visitor is still there, at each of the policy's times of one silence. */
export async function fireCheckIn(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  const { checkInMs } = await ctx.policies.get(row.institution);
  const since = await silentSince(ctx, row);
  const now = ctx.clock.now();
  const reached = checkInMs.findLast((after) => since + after <= now && now - since - after < STALE_MS);
  if (reached !== undefined)
    await postSystem(ctx, row, `sys:silence-check:${String(since)}:${String(reached)}`, {
      event: 'silence-check',
      data: { minutes: Math.round(reached / 60_000) },
    });
  const next = checkInMs.find((after) => since + after > now);
  // None left in this silence: the first of the next one, should somebody speak.
  await moveDeadline(ctx, row, 'check-in', at, next === undefined ? now + (checkInMs[0] ?? 0) : since + next);
  return reached !== undefined;
}

/** Since when nobody spoke. Time in which the whole platform was down is nobody's silence. */
async function silentSince(ctx: Ctx, row: Conversation): Promise<number> {
  const spoken = await lastSpoken(ctx, row);
  return Math.max(spoken ?? 0, row.startAt?.getTime() ?? 0, (await upSince(ctx)) ?? 0);
}

async function lastSpoken(ctx: Ctx, row: Conversation): Promise<number | null> {
  const recent = (await ctx.models.Message.collection
    .find(
      { conversation: row._id, seq: { $gt: Math.max(0, row.lastSeq - 50) } },
      { projection: { kind: 1, at: 1 } },
    )
    .toArray()) as unknown as Pick<Message, 'kind' | 'at'>[];
  const times = recent.filter((message) => message.kind !== 'system').map((message) => message.at.getTime());
  return times.length === 0 ? null : Math.max(...times);
}
