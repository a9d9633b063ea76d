import type { ListRecords, RecordRow } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { contains } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { assertRecord } from '../policies/record.js';
import { presentRecord } from '../presenters/record.js';
import { openRecords, type SealedField } from './sealed.js';

const NEWEST_FIRST = { caseID: -1 } as const;

/** The caller's own case files, newest first (second document, interview/records). */
export async function listRecords(
  ctx: Ctx,
  actor: Actor,
  input: ListRecords,
): Promise<{ total: number; data: RecordRow[] }> {
  const consultant = assertRecord(actor, 'record.read');
  const filter = { consultant, ...clearFilter(input) };
  const sealed = sealedFilter(input);
  const { page, pageSize } = input;
  const { InterviewRecord } = ctx.models;
  if (sealed.length > 0) {
    const rows = await matching(ctx, await InterviewRecord.find(filter).sort(NEWEST_FIRST).lean(), sealed);
    const shown = rows.slice((page - 1) * pageSize, page * pageSize);
    return { total: rows.length, data: await present(ctx, shown) };
  }
  const wanted = { filter, sort: NEWEST_FIRST };
  const { rows, count } = await readPage(InterviewRecord, wanted, { page, size: pageSize });
  return { total: count, data: await present(ctx, rows) };
}

async function present(ctx: Ctx, rows: readonly InterviewRecord[]): Promise<RecordRow[]> {
  const opened = await openRecords(ctx, rows);
  return rows.flatMap((row, index) => (opened[index] ? [presentRecord(row, opened[index])] : []));
}

function clearFilter(input: ListRecords): Record<string, unknown> {
  const exact = {
    grade: input.std_grade,
    class: input.std_class,
    count: input.interview_count,
    status: input.interview_status,
    type: input.interview_type,
  };
  const asked = Object.entries(exact).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(asked.map(([field, value]) => [field, value?.trim()])),
    ...(input.std_school === undefined ? {} : { school: contains(input.std_school.trim()) }),
  };
}

type Wanted = [field: SealedField, text: string];
function sealedFilter(input: ListRecords): Wanted[] {
  const asked: [SealedField, string | undefined][] = [
    ['name', input.std_name],
    ['evaluation', input.doctor_evaluation],
    ['plan', input.follow_up_plan],
  ];
  return asked.flatMap(([field, text]): Wanted[] =>
    text === undefined ? [] : [[field, text.trim().toLowerCase()]],
  );
}

/** Sealed text of one consultant's rows is opened and compared (design.md, "Search and filters"). */
async function matching(ctx: Ctx, rows: InterviewRecord[], wanted: Wanted[]): Promise<InterviewRecord[]> {
  const opened = await openRecords(
    ctx,
    rows,
    wanted.map(([field]) => field),
  );
  return rows.filter((_row, index) =>
    wanted.every(([field, text]) => opened[index]?.[field].toLowerCase().includes(text)),
  );
}
