import type { Types } from 'mongoose';
import type { WorkSpan } from '../../models/work-day.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord } from '../policies/record.js';
import { readSheet } from '../sheet/read.js';
import { refuse, tableOf, type CellError, type Columns } from '../sheet/table.js';
import { isDay } from '../time/moment.js';
import { clash, inOrder, spanOf, spanText, type DaySpan } from './spans.js';
import { numbered } from './work.js';

export const SCHEDULE_COLUMNS: Columns<'day' | 'spans'> = {
  day: ['日期', 'date'],
  spans: ['时间段', 'work_schedules'],
};
const DAY = SCHEDULE_COLUMNS.day[0];
const SPANS = SCHEDULE_COLUMNS.spans[0];

/**
 * Own days from a workbook (second document, schedule/upload): replaces the days that it names, all or nothing. A day
 * in several rows has the stretches of all of them; one without any is cleared.
 * @returns how many days were written
 * @throws AppError BAD_INPUT with rows and columns, TOO_LARGE, OVERLOADED
 */
export async function uploadSchedule(
  ctx: Ctx,
  actor: Actor,
  file: { name: string; bytes: Buffer },
): Promise<number> {
  const consultant = assertRecord(actor, 'schedule.write');
  const days = daysOf(await readSheet(file));
  const all = [...days.values()].flat();
  const ids = await numbered(ctx, all);
  let taken = 0;
  const rows = [...days].map(([day, spans]) => {
    const own = ids.slice(taken, taken + spans.length);
    taken += spans.length;
    return { day, spans: own };
  });
  await replaceDays(ctx, { consultant, institution: actor.institution }, rows);
  return rows.length;
}

async function replaceDays(
  ctx: Ctx,
  whose: { consultant: Types.ObjectId; institution: string },
  rows: { day: string; spans: WorkSpan[] }[],
): Promise<void> {
  await ctx.mongo.transaction(async (session) => {
    const { consultant } = whose;
    const named = rows.map(({ day }) => day);
    await ctx.models.WorkDay.deleteMany({ consultant, day: { $in: named } }, { session });
    await ctx.models.WorkDay.insertMany(
      rows.map((row) => ({ ...whose, ...row })),
      { session },
    );
  });
}

function daysOf(rows: string[][]): Map<string, DaySpan[]> {
  const errors: CellError[] = [];
  const days = new Map<string, DaySpan[]>();
  for (const { line, cells } of tableOf(rows, SCHEDULE_COLUMNS)) {
    const day = cells.day.replace(/[/.]/g, '-').replace(/-(\d)(?!\d)/g, '-0$1');
    if (!isDay(day)) errors.push({ line, column: DAY, message: '日期不存在，格式应为YYYY-MM-DD' });
    const spans = days.get(day) ?? [];
    for (const text of cells.spans.split(/[、,，;；\n]/).filter((part) => part.trim() !== '')) {
      const span = spanOf(text);
      if (span) spans.push(span);
      else
        errors.push({
          line,
          column: SPANS,
          message: `“${text.trim().slice(0, 20)}”应为HH:mm-HH:mm，结束晚于开始`,
        });
    }
    const both = clash(inOrder(spans));
    if (both) errors.push({ line, column: SPANS, message: `${spanText(both[0])}与${spanText(both[1])}重叠` });
    days.set(day, inOrder(spans));
  }
  refuse(errors);
  return days;
}
