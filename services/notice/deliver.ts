/**
 * The one outbox. A row is written with the change that it tells of and leaves at least once, in order per receiver:
 * only the first row of a receiver is ever sent, the later ones wait until it is done or given up.
 */
import type { OutboxChannel } from '../../contract/enums.js';
import type { OutboxRow } from '../../models/outbox.js';
import type { Ctx } from '../context.js';
import { sendWebhook } from '../webhook/send.js';
import { sendReady } from '../wechat/ready-notice.js';
import { sendMail } from './mail.js';
import { sendSms } from './sms.js';
import type { Verdict } from './verdict.js';

/** While one worker sends, no other takes the row; longer than any sender waits. */
const LEASE_MS = 30_000;
const MOST_AT_ONCE = 200;

const SENDERS: Record<OutboxChannel, (ctx: Ctx, row: OutboxRow, now: number) => Promise<Verdict>> = {
  mail: sendMail,
  sms: sendSms,
  wechat: sendReady,
  webhook: sendWebhook,
};

/** Wakes a job for every receiver for whom something is due; a job that is lost is found here again. */
export async function sweepNotices(ctx: Ctx): Promise<void> {
  const receivers = await ctx.models.Outbox.distinct('receiver', {
    state: 'PENDING',
    dueAt: { $lte: new Date(ctx.clock.now()) },
  });
  for (const receiver of receivers) ctx.jobs.add('notice', { receiver }, { id: `notice-${receiver}` });
}

/** Sends what is due for a receiver, until the next row has to wait. */
export async function deliverTo(ctx: Ctx, receiver: string): Promise<void> {
  for (let sent = 0; sent < MOST_AT_ONCE; sent += 1) if (!(await deliverFirst(ctx, receiver))) return;
}

/** @returns true when the first row is out of the way */
async function deliverFirst(ctx: Ctx, receiver: string): Promise<boolean> {
  const { Outbox } = ctx.models;
  const now = ctx.clock.now();
  const [first] = await Outbox.find({ receiver, state: 'PENDING' })
    .sort({ order: 1, _id: 1 })
    .limit(1)
    .lean();
  if (!first || first.dueAt.getTime() > now) return false;
  const own = { _id: first._id, state: 'PENDING' as const };
  const row = await Outbox.findOneAndUpdate(
    { ...own, attempts: first.attempts, dueAt: first.dueAt },
    { $inc: { attempts: 1 }, $set: { dueAt: new Date(now + LEASE_MS) } },
    { returnDocument: 'after' },
  ).lean();
  if (!row) return false;
  const verdict = await SENDERS[row.channel](ctx, row, now);
  // Only as the one who holds it: a worker that was away for longer than the lease changes nothing.
  await Outbox.updateOne({ ...own, attempts: row.attempts }, { $set: verdict });
  return verdict.state !== undefined;
}
