/**
 * "Somebody is ready for you": one subscribe message to a visitor who waited and asked for it. The outbox row is
 * written before the assignment it tells of, so that no crash in between loses it; what it says is read again when
 * it is sent, so that a row whose assignment did not happen sends nothing. At least once.
 */
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { OutboxRow } from '../../models/outbox.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { arrivalOf } from '../matchmaking/urgency.js';
import { deadWith, done, type Verdict } from '../notice/verdict.js';
import { DEMO_APP, findWeChatApp, type WeChatApp } from './apps.js';
import { callWeChat } from './token.js';

/** Whoever is taken sooner still looks at the page. */
const WAITED_MS = 10_000;
/** News that nobody needs any more. */
const STALE_MS = 10 * 60_000;
/** An assignment that is written right now is written by then. */
const RACE_MS = 30_000;
const MAX_ATTEMPTS = 6;
/** The visitor refused, or has no credit left. */
const REFUSED = 43101;
/** Wrong receiver, template, value or page: trying again changes nothing. */
const HOPELESS = new Set([40003, 40037, 41030, 47003]);
/** It appears on a lock screen, so it tells nothing; at most 20 characters. */
const TEXT = '您等待的服务已准备好，请返回查看';

/** Writes the row for one attempt of an assignment; safe to repeat. */
export async function noteReady(ctx: Ctx, row: Conversation): Promise<void> {
  const now = ctx.clock.now();
  if (row.visitor === null || now - arrivalOf(row) < WAITED_MS) return;
  const visitor = await ctx.models.User.findById(row.visitor, { subscribe: 1, wechat: 1, enabled: 1 }).lean();
  if (!visitor || !wants(ctx, visitor)) return;
  const conversation = row._id.toHexString();
  const _id = rowId(conversation, row.attempt);
  const due = { state: 'PENDING' as const, attempts: 0, dueAt: new Date(now), error: null };
  try {
    await ctx.models.Outbox.create({
      _id,
      channel: 'wechat',
      receiver: row.visitor.toHexString(),
      template: 'counselor-ready',
      data: { conversation, attempt: row.attempt },
      institution: row.institution,
      ...due,
      order: now,
      createdAt: new Date(now),
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // An earlier try of the same attempt lost its race and was written off.
    const again = { $set: { ...due, createdAt: new Date(now) } };
    await ctx.models.Outbox.updateOne({ _id, state: 'DONE', error: 'not-assigned' }, again);
  }
}

/** The same attempt is the same row. */
function rowId(conversation: string, attempt: number): Types.ObjectId {
  const digest = createHash('sha256')
    .update(`counselor-ready\0${conversation}\0${String(attempt)}`)
    .digest();
  return new Types.ObjectId(digest.subarray(0, 12));
}

function wants(ctx: Ctx, visitor: Pick<User, 'subscribe' | 'wechat'>): boolean {
  return visitor.subscribe && templateOf(ctx, visitor.wechat) !== null;
}

export function templateOf(
  ctx: Ctx,
  wechat: string | undefined,
): { app: WeChatApp; openId: string; template: string; text: string; time: string } | null {
  const [appid = '', openId = ''] = wechat?.split(':') ?? [];
  const app = findWeChatApp(ctx.config, appid);
  const demo =
    appid === DEMO_APP.appid ? { template: 'demo-counselor-ready', text: 'thing1', time: 'time2' } : null;
  const template = ctx.config.wechatReady.get(appid) ?? demo;
  return app && template && openId ? { app, openId, ...template } : null;
}

/** What comes of one row of this template. */
export async function sendReady(ctx: Ctx, row: OutboxRow, now: number): Promise<Verdict> {
  const { conversation: id, attempt } = row.data as { conversation: string; attempt: number };
  const conversation = await ctx.models.Conversation.findById(id).lean();
  const age = now - row.createdAt.getTime();
  if (conversation?.status === 'WAITING' && conversation.attempt === attempt)
    // The assignment is being written right now, or it lost its race.
    return age < RACE_MS ? { dueAt: new Date(now + 1_000) } : done('not-assigned');
  if (conversation?.status !== 'IN_PROGRESS') return done('over');
  if (age > STALE_MS) return deadWith('too-late');
  const visitor = await ctx.models.User.findById(conversation.visitor).lean();
  const template = visitor?.enabled && wants(ctx, visitor) ? templateOf(ctx, visitor.wechat) : null;
  if (!visitor || !template) return done('not-wanted');
  const errcode = await send(ctx, template, now);
  if (errcode === 0) return done();
  if (errcode === REFUSED)
    await ctx.models.User.updateOne({ _id: visitor._id }, { $set: { subscribe: false } });
  if (errcode !== null && (errcode === REFUSED || HOPELESS.has(errcode))) return deadWith(String(errcode));
  const error = errcode === null ? 'no-answer' : String(errcode);
  if (row.attempts >= MAX_ATTEMPTS) return deadWith(error);
  return { dueAt: new Date(now + 1_000 * 2 ** row.attempts), error };
}

/** @returns WeChat's errcode, 0 for a success; null when there was no answer */
async function send(
  ctx: Ctx,
  to: NonNullable<ReturnType<typeof templateOf>>,
  now: number,
): Promise<number | null> {
  const page = ctx.config.WECHAT_READY_PAGE;
  const time = DateTime.fromMillis(now, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd HH:mm');
  try {
    const answer = await callWeChat(ctx, to.app, '/cgi-bin/message/subscribe/send', {
      touser: to.openId,
      template_id: to.template,
      ...(page === '' ? {} : { page }),
      data: { [to.text]: { value: TEXT }, [to.time]: { value: time } },
    });
    return answer.errcode ?? 0;
  } catch (error) {
    if (error instanceof AppError && error.word === 'THIRD_PARTY') return null;
    throw error;
  }
}
