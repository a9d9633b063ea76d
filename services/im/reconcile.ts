/**
 * What callbacks missed is fetched from Tencent's own history, and what was not copied there is begun again. Runs
 * at night and by command; safe to repeat, since every message is known by its key.
 */
import { z } from 'zod';
import { ImElement, ImMessage } from '../../contract/im.js';
import type { Conversation } from '../../models/conversation.js';
import type { ImReportRow } from '../../models/im-mirror.js';
import type { Ctx } from '../context.js';
import { headSeq } from '../message/history.js';
import { keepDeadLetter } from './dead-letters.js';
import { afterMessage } from './message.js';
import { wantMirror } from './mirror.js';
import { beatReport, BEAT_MS, leaveReport, takeReport, type ReportCounts } from './reports.js';
import { ImRestError } from './rest.js';
import { afterWithdrawal } from './withdraw.js';

const DAY_MS = 86_400_000;
const PAGE = 100;
/** Of MsgFlagBits. */
const RECALLED = 8;

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

/**
 * @param name of the report; one that stands, or is under way, is not made again
 * @param range epoch milliseconds; the last two days when left out, so that a night that was missed is made good
 * @param stopping aborts when the worker shuts down: another takes the report up
 * @returns null when there was nothing to do, or it was given back
 */
export async function reconcileIm(
  ctx: Ctx,
  name: string,
  range = { from: ctx.clock.now() - 2 * DAY_MS, to: ctx.clock.now() },
  stopping?: AbortSignal,
): Promise<ImReportRow | null> {
  const report = await takeReport(ctx, name, range);
  if (!report) return null;
  const { from, to } = report;
  // What an earlier try fetched was fetched by this report; the sessions are counted anew.
  const { fetched, recalled, resumed } = report;
  const counts: ReportCounts = { conversations: 0, fetched, recalled, resumed, failures: 0 };
  let beatAt = ctx.clock.now();
  let state: ImReportRow['state'] = 'FAILED';
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
    for await (const conversation of cursor) {
      if (stopping?.aborted) {
        state = 'QUEUED';
        break;
      }
      await compare(ctx, conversation, { from, to }, counts);
      if (ctx.clock.now() - beatAt < BEAT_MS) continue;
      beatAt = ctx.clock.now();
      await beatReport(ctx, name, counts);
    }
    if (state === 'FAILED') state = 'DONE';
  } finally {
    await leaveReport(ctx, name, state, counts);
    ctx.log.info({ report: name, state, ...counts }, 'Tencent IM compared');
  }
  return state === 'QUEUED' ? null : ctx.models.ImReport.findById(name).lean();
}

async function compare(
  ctx: Ctx,
  conversation: Conversation,
  range: { from: Date; to: Date },
  counts: ReportCounts,
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
  counts: ReportCounts,
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

async function take(
  ctx: Ctx,
  conversation: Conversation,
  roamed: z.infer<typeof Roamed>,
  counts: ReportCounts,
) {
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
