/** What visitors were told of their wait, held against how long it was. */
import type { Urgency } from '../../contract/enums.js';
import type { ListForecasts, WaitForecasts } from '../../contract/matchmaking.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { waitsOf } from './wait.js';

const DAY_MS = 24 * 60 * 60_000;
const MOST = 5_000;

/** Keeps the first range that a visitor is told; where none can be told there is nothing to keep. */
export async function noteWait(ctx: Ctx, row: Conversation): Promise<void> {
  const id = row._id.toHexString();
  const range = (await waitsOf(ctx, row.institution, [id])).get(id);
  if (!range) return;
  const waitTold = { ...range, at: new Date(ctx.clock.now()) };
  await ctx.models.Conversation.updateOne({ _id: row._id, status: 'WAITING' }, { $set: { waitTold } });
}

/**
 * How good the forecasts of the last days were.
 * @throws AppError FORBIDDEN for anybody but an institution's administrator
 */
export async function judgeForecasts(ctx: Ctx, actor: Actor, input: ListForecasts): Promise<WaitForecasts> {
  if (actor.role !== 'INSTITUTION_ADMINISTRATOR') throw new AppError('FORBIDDEN');
  const since = new Date(ctx.clock.now() - input.days * DAY_MS);
  const rows = await ctx.models.Conversation.find(
    { institution: actor.institution, createdAt: { $gt: since } },
    { waitTold: 1, startAt: 1, createdAt: 1, urgency: 1 },
  )
    .limit(MOST)
    .lean();
  const told = rows.flatMap(({ waitTold, startAt, createdAt }) =>
    waitTold ? [{ waitTold, waited: startAt && startAt.getTime() - createdAt.getTime() }] : [],
  );
  const served = told.flatMap(({ waitTold, waited }) => (waited === null ? [] : [{ waitTold, waited }]));
  const sooner = served.filter(({ waitTold, waited }) => waited < waitTold.least).length;
  const later = served.filter(({ waitTold, waited }) => waited > waitTold.most).length;
  const beyond = served.map(({ waitTold, waited }) =>
    Math.max(0, waitTold.least - waited, waited - waitTold.most),
  );
  return {
    told: told.length,
    served: served.length,
    within: served.length - sooner - later,
    sooner,
    later,
    missedSeconds: Math.round(median(beyond.filter((ms) => ms > 0)) / 1_000),
    medianWaits: mediansOf(rows),
  };
}

/** By urgency, in seconds; null where nobody was served. */
function mediansOf(
  rows: readonly Pick<Conversation, 'startAt' | 'createdAt' | 'urgency'>[],
): WaitForecasts['medianWaits'] {
  const of = (level: Urgency) => {
    const waits = rows.flatMap(({ startAt, createdAt, urgency = 'none' }) =>
      startAt && urgency === level ? [startAt.getTime() - createdAt.getTime()] : [],
    );
    return waits.length === 0 ? null : Math.round(median(waits) / 1_000);
  };
  return { none: of('none'), moderate: of('moderate'), high: of('high') };
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
