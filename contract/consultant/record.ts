/** Second document, 咨询档案. */
import { z } from 'zod';
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
      std_grade: filter(64),
      std_class: filter(64),
      std_school: filter(128).describe('Part of the school’s name'),
      interview_count: filter(32),
      interview_status: filter(64),
      interview_type: filter(64),
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
  std_name: textOrNumber(64).pipe(z.string().trim().min(1, '姓名不能为空')),
  std_grade: column(64),
  std_class: column(64),
  std_school: column(128),
  interview_count: column(32),
  interview_status: column(64),
  interview_type: column(64),
  doctor_evaluation: column(10_000),
  follow_up_plan: column(10_000),
});
export type RecordFields = z.infer<typeof RecordFields>;

export const CreateRecord = RecordFields.meta({ id: 'CreateRecord' });
export const RecordId = z.object({ id: caseId }).meta({ id: 'RecordId' });

/** Correcting a case file (ours): left out = unchanged. */
export const PatchRecord = RecordFields.partial()
  .extend({ id: lenientNumber.pipe(z.number().int()) })
  .strict()
  .meta({ id: 'PatchRecord' });
export type PatchRecord = z.infer<typeof PatchRecord>;

export interface RecordRow extends RecordFields {
  /** Digits. */
  id: string;
  /** YYYY-MM-DD HH:mm:ss */
  create_time: string;
}
