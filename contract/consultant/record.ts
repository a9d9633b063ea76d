/** Second document, 咨询档案. */
import { z } from 'zod';
import { answer, text, whole } from '../answer.js';
import { blankAsAbsent, lenientNumber, page, size } from '../common.js';
import { textOrNumber } from './auth.js';
import { paged } from './order.js';

/** A case id comes as a number or as its digits; any other text names nothing. */
export const caseId = z
  .union([z.number(), z.string().max(64)])
  .transform((value) => {
    const text = String(value).trim();
    return /^\d{1,15}$/.test(text) ? Number(text) : -1;
  })
  .describe('Integer id, as number or as text');

const filter = (max: number) => blankAsAbsent(textOrNumber(max));

export const ListRecords = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? paged(value as Record<string, unknown>) : value),
  z
    .object({
      page,
      pageSize: size(10),
      std_name: filter(64).describe('Part of the name'),
      std_grade: filter(64).describe('Exact grade'),
      std_class: filter(64).describe('Exact class'),
      std_school: filter(128).describe('Part of the school’s name'),
      interview_count: filter(32).describe('Exact count'),
      interview_status: filter(64).describe('Exact status'),
      interview_type: filter(64).describe('Exact kind'),
      doctor_evaluation: filter(200).describe('Part of the evaluation'),
      follow_up_plan: filter(200).describe('Part of the plan'),
    })
    .meta({ id: 'ListRecords' }),
);
export type ListRecords = z.infer<typeof ListRecords>;

/** A column of a case file; null counts as empty. */
const column = (max: number) =>
  z.preprocess((value) => (value === null ? '' : value), textOrNumber(max).pipe(z.string().trim()));

export const RecordFields = z.object({
  std_name: textOrNumber(64).pipe(z.string().trim().min(1, '姓名不能为空')).describe('The student’s name'),
  std_grade: column(64).describe('Grade'),
  std_class: column(64).describe('Class'),
  std_school: column(128).describe('School'),
  interview_count: column(32).describe('How many interviews'),
  interview_status: column(64).describe('Status of the interviews'),
  interview_type: column(64).describe('Kind of interview'),
  doctor_evaluation: column(10_000).describe('The consultant’s evaluation'),
  follow_up_plan: column(10_000).describe('Plan of the follow-up'),
});
export type RecordFields = z.infer<typeof RecordFields>;

export const CreateRecord = RecordFields.meta({ id: 'CreateRecord' });
export const RecordId = z.object({ id: caseId }).meta({ id: 'RecordId' });

/** Correcting a case file (ours): left out = unchanged. */
export const PatchRecord = RecordFields.partial()
  .extend({ id: lenientNumber.pipe(z.number().int()).describe('Integer id of the case file') })
  .strict()
  .meta({ id: 'PatchRecord' });
export type PatchRecord = z.infer<typeof PatchRecord>;

const told = Object.fromEntries(
  Object.entries(RecordFields.shape).map(([key, schema]) => [key, text(schema.description ?? '')]),
) as Record<keyof RecordFields, z.ZodString>;

export const RecordRow = answer('RecordRow', {
  ...told,
  id: text('Identifier, digits'),
  create_time: text('When it was made, YYYY-MM-DD HH:mm:ss'),
});
export type RecordRow = z.infer<typeof RecordRow>;
export const RecordList = answer('RecordList', {
  total: whole('All that match'),
  data: z.array(RecordRow).describe('The rows of the page'),
});

export const TemplateFile = answer('TemplateFile', {
  fileName: text('Name, for interview/download'),
  fileSize: text('Size as people read it: 12.3 KB'),
});
export type TemplateFile = z.infer<typeof TemplateFile>;
