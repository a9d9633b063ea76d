import { RecordFields } from '../../contract/consultant/record.js';
import { nextCaseIDs } from '../case/case-ids.js';
import type { Actor, Ctx } from '../context.js';
import { breath } from '../../platform/breath.js';
import { assertRecord } from '../policies/record.js';
import { readSheet } from '../sheet/read.js';
import { cellMessage, refuse, tableOf, type CellError, type Columns } from '../sheet/table.js';
import { recordsOf, storeRecords } from './create.js';

export const RECORD_COLUMNS: Columns<keyof RecordFields> = {
  std_name: ['姓名', 'std_name'],
  std_grade: ['年级', 'std_grade'],
  std_class: ['班级', 'std_class'],
  std_school: ['学校', 'std_school'],
  interview_count: ['访谈次数', 'interview_count'],
  interview_status: ['访谈状态', 'interview_status'],
  interview_type: ['访谈类型', 'interview_type'],
  doctor_evaluation: ['医生评定', 'doctor_evaluation'],
  follow_up_plan: ['后续计划', 'follow_up_plan'],
};

/** Rows sealed and written at once. */
const BATCH = 250;
/** Rows checked between two looks at the event loop. */
const CHUNK = 50;

/**
 * Case files from a workbook (second document, upload/records), all or nothing.
 * @returns how many were made
 * @throws AppError BAD_INPUT with rows and columns, TOO_LARGE, OVERLOADED
 */
export async function uploadRecords(
  ctx: Ctx,
  actor: Actor,
  file: { name: string; bytes: Buffer },
): Promise<number> {
  const consultant = assertRecord(actor, 'record.write');
  const fields = await fieldsOf(await readSheet(file));
  const first = await nextCaseIDs(ctx, fields.length);
  await ctx.mongo.transaction(async (session) => {
    // The next rows are sealed here while the database writes the last ones.
    let writing = Promise.resolve();
    for (let from = 0; from < fields.length; from += BATCH) {
      const whose = { consultant, institution: actor.institution, first: first + from };
      const made = await recordsOf(ctx, whose, fields.slice(from, from + BATCH));
      await writing;
      writing = storeRecords(ctx, made, session);
      // It is awaited in the next turn; until then its failure is nobody's.
      writing.catch(() => undefined);
    }
    await writing;
  });
  return fields.length;
}

async function fieldsOf(rows: string[][]): Promise<RecordFields[]> {
  const fields: RecordFields[] = [];
  const errors: CellError[] = [];
  for (const [index, { line, cells }] of tableOf(rows, RECORD_COLUMNS).entries()) {
    if (index % CHUNK === CHUNK - 1) await breath();
    const parsed = RecordFields.safeParse(cells);
    if (parsed.success) fields.push(parsed.data);
    else
      for (const issue of parsed.error.issues) {
        const column = RECORD_COLUMNS[issue.path[0] as keyof RecordFields][0];
        errors.push({ line, column, message: cellMessage(issue) });
      }
  }
  refuse(errors);
  return fields;
}
