/**
 * What callbacks missed is fetched from Tencent's own history, and what was not copied there is begun again. Runs
 * at night and by command; safe to repeat, since every message is known by its key.
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { ImElement, ImMessage } from '../../contract/im.js';
import type { Conversation } from '../../models/conversation.js';
import type { ImReportRow } from '../../models/im-mirror.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { headSeq } from '../message/history.js';
import { keepDeadLetter } from './dead-letters.js';
import { afterMessage } from './message.js';
import { wantMirror } from './mirror.js';
import { ImRestError } from './rest.js';
import { afterWithdrawal } from './withdraw.js';

const DAY_MS = 86_400_000;
const PAGE = 100;
/** Of MsgFlagBits. */
const RECALLED = 8;
/** From three in the morning, in Shanghai. */
const NIGHT_HOUR = 3;
const ZONE = 'Asia/Shanghai';

const Roamed = z.looseObject({
  From_Account: z.string(),
  To_Account: z.string(),
  MsgSeq: z.number(),
  MsgRandom: z.number(),
  MsgTimeStamp: z.number(),
  MsgKey: z.string().optional(),
  MsgFlagBits: z.number().default(0),
  MsgBody: z.array(ImElement).default([]),
  CloudCustomData: z.string().optional(),
});
const Page = z.looseObject({
  Complete: z.number(),
  LastMsgTime: z.number().optional(),
  LastMsgKey: z.string().optional(),
  MsgList: z.array(z.unknown()).default([]),
});

export type ImReport = ImReportRow;
type Counts = Pick<ImReport, 'conversations' | 'fetched' | 'recalled' | 'resumed' | 'failures'>;

/** Once a night one node's job does it; asked every two seconds. */
export async function sweepNight(ctx: Ctx): Promise<void> {
  if (!ctx.config.im?.mirror) return;
  const now = DateTime.fromMillis(ctx.clock.now(), { zone: ZONE });
  if (now.hour < NIGHT_HOUR) return;
  const day = now.toISODate() ?? '';
  if (await ctx.models.ImReport.exists({ _id: day })) return;
  ctx.jobs.add('im-reconcile', { day }, { id: `im-reconcile-${day}` });
}

/**
 * @param name of the report; one that stands is not made again
 * @param range epoch milliseconds; the last two days when left out, so that a night that was missed is made good
 * @returns null when a report of that name stands
 */
export async function reconcileIm(
  ctx: Ctx,
  name: string,
  range: { from: number; to: number } = { from: ctx.clock.now() - 2 * DAY_MS, to: ctx.clock.now() },
): Promise<ImReport | null> {
  const { ImReport } = ctx.models;
  const [from, to] = [new Date(range.from), new Date(range.to)];
  try {
    const startedAt = new Date(ctx.clock.now());
    await ImReport.create({ _id: name, state: 'RUNNING', from, to, startedAt });
  } catch (error) {
    if (isDuplicate(error)) return null;
    throw error;
  }
  const counts: Counts = { conversations: 0, fetched: 0, recalled: 0, resumed: 0, failures: 0 };
  let state: ImReport['state'] = 'FAILED';
  try {
    const cursor = ctx.models.Conversation.find({
      type: 'COUNSELING_SESSION',
      visitor: { $ne: null },
      counselor: { $ne: null },
      startAt: { $lte: to },
      $or: [{ endAt: null }, { endAt: { $gte: from } }],
      deletedAt: null,
    })
      .lean()
      .cursor();
    for await (const conversation of cursor) await compare(ctx, conversation, { from, to }, counts);
    state = 'DONE';
  } finally {
    await ImReport.updateOne(
      { _id: name },
      { $set: { ...counts, state, endedAt: new Date(ctx.clock.now()) } },
    );
    ctx.log.info({ report: name, state, ...counts }, 'Tencent IM compared');
  }
  return ImReport.findById(name).lean();
}

async function compare(
  ctx: Ctx,
  conversation: Conversation,
  range: { from: Date; to: Date },
  counts: Counts,
) {
  counts.conversations += 1;
  try {
    await fetchMissed(ctx, conversation, range, counts);
  } catch (error) {
    if (!(error instanceof ImRestError)) throw error;
    counts.failures += 1;
  }
  if (!ctx.config.im?.mirror) return;
  const mirror = await ctx.models.ImMirror.findById(conversation._id).lean();
  const head = await headSeq(ctx, conversation);
  if ((mirror?.wanted ?? 0) >= head) return;
  await wantMirror(ctx, conversation._id.toHexString(), head);
  counts.resumed += 1;
}

async function fetchMissed(
  ctx: Ctx,
  conversation: Conversation,
  range: { from: Date; to: Date },
  counts: Counts,
) {
  const { visitor, counselor } = conversation;
  if (!ctx.im || !visitor || !counselor) return;
  const begun = Math.max(range.from.getTime(), conversation.startAt?.getTime() ?? 0);
  const MinTime = Math.floor(begun / 1_000) - 1;
  let MaxTime = Math.ceil(range.to.getTime() / 1_000) + 1;
  let LastMsgKey: string | undefined;
  const accounts = [visitor.toHexString(), counselor.toHexString()];
  const found: unknown[] = [];
  for (;;) {
    const asked = { From_Account: accounts[0], To_Account: accounts[1], MaxCnt: PAGE, MinTime, MaxTime };
    const query = LastMsgKey === undefined ? asked : { ...asked, LastMsgKey };
    const page = Page.parse(await ctx.im.call('openim/admin_getroammsg', query, accounts));
    found.push(...page.MsgList);
    if (page.Complete === 1 || page.LastMsgKey === undefined || page.LastMsgTime === undefined) break;
    MaxTime = page.LastMsgTime;
    ({ LastMsgKey } = page);
  }
  const messages = found.flatMap((each) => Roamed.safeParse(each).data ?? []);
  // In the order in which they were said, so that they stand so.
  messages.sort((a, b) => a.MsgTimeStamp - b.MsgTimeStamp || a.MsgSeq - b.MsgSeq);
  for (const message of messages) await take(ctx, conversation, message, counts);
}

async function take(ctx: Ctx, conversation: Conversation, roamed: z.infer<typeof Roamed>, counts: Counts) {
  const id = conversation._id.toHexString();
  // Another conversation of the same two has its own turn.
  if (!roamed.CloudCustomData?.includes(id)) return;
  const MsgKey = roamed.MsgKey ?? [roamed.MsgSeq, roamed.MsgRandom, roamed.MsgTimeStamp].join('_');
  const held = await ctx.models.Message.findOne(
    { conversation: id, clientMsgId: `im:${MsgKey}` },
    { recalled: 1 },
  ).lean();
  if ((roamed.MsgFlagBits & RECALLED) !== 0) {
    if (!held || held.recalled) return;
    const { From_Account, To_Account } = roamed;
    const outcome = await afterWithdrawal(ctx, { From_Account, To_Account, MsgKey });
    if (outcome.kind === 'done') counts.recalled += 1;
    return;
  }
  if (held) return;
  const parsed = ImMessage.safeParse({ ...roamed, MsgKey, MsgTime: roamed.MsgTimeStamp });
  if (!parsed.success) return;
  const outcome = await afterMessage(ctx, parsed.data);
  if (outcome.kind === 'dead') {
    const body = JSON.stringify({ CallbackCommand: AFTER, ...parsed.data });
    await keepDeadLetter(ctx, { command: AFTER, reason: outcome.reason, body });
  } else if (await ctx.models.Message.exists({ conversation: id, clientMsgId: `im:${MsgKey}` }))
    counts.fetched += 1;
}
const AFTER = 'C2C.CallbackAfterSendMsg';
