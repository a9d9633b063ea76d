/**
 * The rows of `imReports`: who takes a comparison with Tencent up, how far it is, and what it came to. The row
 * holds the work; a job only wakes it, and the sweep wakes what is left lying.
 */
import { DateTime } from 'luxon';
import type { Listing } from '../../contract/common.js';
import type { ImComparison, ListImReports, StartImReport } from '../../contract/im.js';
import type { ImReportRow } from '../../models/im-mirror.js';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { assertIm } from '../policies/im.js';

export type ReportCounts = Pick<
  ImReportRow,
  'conversations' | 'fetched' | 'recalled' | 'resumed' | 'failures'
>;

const DAY_MS = 86_400_000;
/** How often a running comparison says that it is alive. */
export const BEAT_MS = 30_000;
/** Nobody is at it any more. One conversation may take Tencent's retries to the full. */
const GIVEN_UP_MS = 10 * 60_000;
/** From three in the morning, in Shanghai. */
const NIGHT_HOUR = 3;
const ZONE = 'Asia/Shanghai';
const STANDARD_DAYS = 2;

/** The demo's own app exists nowhere but at a stand-in that it was told of. */
function speaksToTencent({ im, IM_SDK_APP_ID }: Config): boolean {
  return im !== null && (im.mirror || IM_SDK_APP_ID !== undefined);
}

/** Wakes the night's comparison, and whatever was begun and left. Asked every two seconds. */
export async function sweepReports(ctx: Ctx): Promise<void> {
  if (!speaksToTencent(ctx.config)) return;
  const now = ctx.clock.now();
  const left = await ctx.models.ImReport.find({ wakeAt: { $lte: new Date(now) } }, { _id: 1 }).lean();
  for (const { _id } of left) wake(ctx, _id);
  const local = DateTime.fromMillis(now, { zone: ZONE });
  if (local.hour < NIGHT_HOUR) return;
  const day = local.toISODate() ?? '';
  if (!(await ctx.models.ImReport.exists({ _id: day }))) wake(ctx, day);
}

function wake(ctx: Ctx, report: string): void {
  ctx.jobs.add('im-reconcile', { report }, { id: `im-reconcile-${report.replaceAll(':', '.')}` });
}

/**
 * Makes the report's row, or takes up one that waits or was left by a worker that went away.
 * @param range epoch milliseconds, of a new one
 * @returns null when it is over, or somebody is at it
 */
export async function takeReport(
  ctx: Ctx,
  name: string,
  range: { from: number; to: number },
): Promise<ImReportRow | null> {
  const { ImReport } = ctx.models;
  const now = new Date(ctx.clock.now());
  const taken = { state: 'RUNNING', wakeAt: new Date(now.getTime() + GIVEN_UP_MS) } as const;
  const [from, to] = [new Date(range.from), new Date(range.to)];
  try {
    const row = await ImReport.create({ _id: name, ...taken, from, to, startedAt: now });
    return row.toObject();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const due = { _id: name, wakeAt: { $lte: now } };
    return ImReport.findOneAndUpdate(due, { $set: taken }, { returnDocument: 'after' }).lean();
  }
}

/** Still at it. */
export async function beatReport(ctx: Ctx, name: string, counts: ReportCounts): Promise<void> {
  const wakeAt = new Date(ctx.clock.now() + GIVEN_UP_MS);
  await ctx.models.ImReport.updateOne({ _id: name }, { $set: { ...counts, wakeAt } });
}

/** Over, or with QUEUED given back to whoever takes it up. */
export async function leaveReport(
  ctx: Ctx,
  name: string,
  state: ImReportRow['state'],
  counts: ReportCounts,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  const end = state === 'QUEUED' ? { wakeAt: now } : { wakeAt: null, endedAt: now };
  await ctx.models.ImReport.updateOne({ _id: name }, { $set: { ...counts, state, ...end } });
}

const present = (row: ImReportRow): ImComparison => ({
  id: row._id,
  state: row.state,
  from: row.from.getTime(),
  to: row.to.getTime(),
  conversations: row.conversations,
  fetched: row.fetched,
  recalled: row.recalled,
  resumed: row.resumed,
  failures: row.failures,
  by: row.by?.toHexString() ?? null,
  startedAt: row.startedAt.getTime(),
  endedAt: row.endedAt?.getTime() ?? null,
});

/** Newest first. */
export async function listImReports(
  ctx: Ctx,
  actor: Actor,
  input: ListImReports,
): Promise<Listing<ImComparison>> {
  assertIm(actor, 'im-report.list');
  const sort = { startedAt: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.ImReport, { filter: {}, sort }, input);
  return { rows: rows.map(present), ...place };
}

/**
 * Asks for a comparison now; a worker does it.
 * @throws AppError FORBIDDEN; RULE_REFUSED where Tencent IM is not set up; CONFLICT while one is under way
 */
export async function startImReport(ctx: Ctx, actor: Actor, input: StartImReport): Promise<ImComparison> {
  assertIm(actor, 'im-report.start');
  if (!speaksToTencent(ctx.config))
    throw new AppError('RULE_REFUSED', { message: '本系统未配置腾讯云IM，无法核对，请联系管理员。' });
  const { ImReport } = ctx.models;
  if (await ImReport.exists({ wakeAt: { $gt: new Date(0) } }))
    throw new AppError('CONFLICT', { message: '已有一次核对正在进行，请等它完成后再试。' });
  const now = ctx.clock.now();
  const [startedAt, to] = [new Date(now), new Date(now)];
  const row = await ImReport.create({
    _id: `by hand ${startedAt.toISOString()}`,
    state: 'QUEUED',
    wakeAt: startedAt,
    by: objectId(actor.id),
    from: new Date(now - (input.days ?? STANDARD_DAYS) * DAY_MS),
    to,
    startedAt,
  });
  await ctx.audit.write({
    institution: ctx.config.DEFAULT_INSTITUTION,
    actor,
    action: 'im-report.start',
    subject: `im-report:${row._id}`,
  });
  wake(ctx, row._id);
  return present(row.toObject());
}
