/** Times in which a consultant takes nobody (second document, 停诊): no bookings, no hotline visitors. */
import type { StopRow, UpdateStops } from '../../contract/consultant/schedule.js';
import type { Span } from '../../models/calendar.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { ensureCalendar } from '../order/slot.js';
import { assertRecord } from '../policies/record.js';
import { formatMoment, isDay, minutesOf, momentOf } from '../time/moment.js';

/** The caller's own, earliest first. */
export async function listStops(ctx: Ctx, actor: Actor): Promise<StopRow[]> {
  const consultant = assertRecord(actor, 'schedule.read');
  const [calendar, user] = await Promise.all([
    ctx.models.Calendar.findById(consultant).lean(),
    ctx.models.User.findById(objectId(actor.id)).select({ name: 1, username: 1 }).lean(),
  ]);
  const name = user?.name ?? user?.username ?? '';
  return sorted(calendar?.stops ?? []).map(({ from, to }) => ({
    name,
    start_time: formatMoment(from),
    end_time: formatMoment(to),
  }));
}

/**
 * Overwrites the whole list; orders already made stay.
 * @throws AppError BAD_INPUT for a wrong or reversed time, naming which
 */
export async function updateStops(ctx: Ctx, actor: Actor, input: UpdateStops): Promise<void> {
  const consultant = assertRecord(actor, 'schedule.write');
  const stops = sorted(input.stop_schedules.map(stopOf));
  await ensureCalendar(ctx, consultant);
  await ctx.models.Calendar.updateOne({ _id: consultant }, { $set: { stops } });
  // A stop that was lifted may free somebody for who waits.
  void ctx.admissions.admit(actor.institution);
}

const sorted = (stops: readonly Span[]): Span[] =>
  [...stops].sort((a, b) => a.from.getTime() - b.from.getTime() || a.to.getTime() - b.to.getTime());

function stopOf({ start_time, end_time }: UpdateStops['stop_schedules'][number], index: number): Span {
  const from = stopMoment(start_time, 0);
  const to = stopMoment(end_time, 1440);
  if (!from || !to || from >= to)
    throw new AppError('BAD_INPUT', {
      message: `第${String(index + 1)}条停诊时间不正确：格式应为YYYY-MM-DD HH:mm（或YYYY-MM-DD表示整天），结束要晚于开始。`,
    });
  return { from, to };
}

/** @param whole minutes into the day that a bare day means */
function stopMoment(text: string, whole: number): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2})(?::([0-5]\d))?)?$/.exec(text.trim());
  const day = match?.[1];
  if (!day || !isDay(day)) return null;
  const minutes = match[2] === undefined ? whole : minutesOf(match[2]);
  if (minutes === null) return null;
  return new Date(momentOf(day, minutes).getTime() + Number(match[3] ?? 0) * 1_000);
}
