/** Hours in which consultants can be booked (second document, schedule/work); duty days are another thing. */
import type { MonthDay, ReadMonth, UpdateDay } from '../../contract/consultant/schedule.js';
import type { WorkSpan } from '../../models/work-day.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { isAlone } from '../account/affiliation.js';
import { nextCaseIDs } from '../case/case-ids.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord } from '../policies/record.js';
import { isDay } from '../time/moment.js';
import { consultantsOf } from './consultants.js';
import { clockTime, daySpans, type DaySpan } from './spans.js';

const two = (value: number) => String(value).padStart(2, '0');
const dayText = (year: number, month: number, date: number) => `${String(year)}-${two(month)}-${two(date)}`;
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Every day of a month with the hours of the caller's institution; of another institution nothing. */
export async function readMonth(ctx: Ctx, actor: Actor, input: ReadMonth): Promise<MonthDay[]> {
  assertRecord(actor, 'schedule.read');
  if (!(await isOwn(ctx, actor, input.organization))) return [];
  const people = await consultantsOf(ctx, actor);
  const byId = new Map(people.map((person) => [person._id.toHexString(), person]));
  const last = daysIn(input.year, input.month);
  const days = await ctx.models.WorkDay.find({
    consultant: { $in: people.map(({ _id }) => _id) },
    day: { $gte: dayText(input.year, input.month, 1), $lte: dayText(input.year, input.month, last) },
  }).lean();
  return Array.from({ length: last }, (_, index) => {
    const day = dayText(input.year, input.month, index + 1);
    const schedules = days
      .filter((row) => row.day === day)
      .flatMap(({ consultant, spans }) => {
        const person = byId.get(consultant.toHexString());
        const name = person?.name ?? person?.username ?? '';
        return spans.map(({ id, from, to }) => ({ id, name, work_time: `${from}-${to}` }));
      })
      .sort((a, b) => (a.work_time < b.work_time ? -1 : a.work_time > b.work_time ? 1 : a.id - b.id));
    return { date: index + 1, schedules };
  });
}

/** Empty, the institution's name or code, or the text of the caller's own profile. */
async function isOwn(ctx: Ctx, actor: Actor, organization: string): Promise<boolean> {
  if (organization === '') return true;
  const [user, institution] = await Promise.all([
    ctx.models.User.findById(objectId(actor.id)).select({ profile: 1 }).lean(),
    isAlone(actor.institution) ? null : ctx.models.Institution.findById(actor.institution).lean(),
  ]);
  return [institution?.name, institution?._id, user?.profile?.organization].includes(organization);
}

/**
 * Replaces the list of one own day; [] clears it.
 * @throws AppError BAD_INPUT for a day that does not exist, wrong or overlapping times
 */
export async function updateDay(ctx: Ctx, actor: Actor, input: UpdateDay): Promise<void> {
  const consultant = assertRecord(actor, 'schedule.write');
  const day = dayText(input.year, input.month, input.date);
  if (!isDay(day)) throw new AppError('BAD_INPUT', { message: '该日期不存在，请检查年、月、日。' });
  const spans = await numbered(ctx, daySpans(input.work_schedules));
  const row = { institution: actor.institution, spans };
  // Two steps and no upsert: concurrent upserts on a new row may answer null on the stand-in.
  const replaced = await ctx.models.WorkDay.updateOne({ consultant, day }, { $set: row });
  if (replaced.matchedCount === 1) return;
  try {
    await ctx.models.WorkDay.create({ consultant, day, ...row });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await ctx.models.WorkDay.updateOne({ consultant, day }, { $set: row });
  }
}

/** Each stretch with an id of its own. */
export async function numbered(ctx: Ctx, spans: readonly DaySpan[]): Promise<WorkSpan[]> {
  if (spans.length === 0) return [];
  const first = await nextCaseIDs(ctx, spans.length);
  return spans.map(({ from, to }, index) => ({
    id: first + index,
    from: clockTime(from),
    to: clockTime(to),
  }));
}
