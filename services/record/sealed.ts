/** What of a case file is sealed: who it is about, and what was found and planned. */
import type { Types } from 'mongoose';
import type { RecordFields } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import type { Ctx } from '../context.js';
import { openField, sealField } from '../seal/fields.js';

export type SealedField = 'name' | 'evaluation' | 'plan';
interface Where {
  _id: Types.ObjectId;
  institution: string;
}
const placeOf = (where: Where, field: SealedField) =>
  ['interviewRecords', field, where._id.toHexString()] as const;

export function sealRecordField(
  ctx: Pick<Ctx, 'keys'>,
  where: Where,
  field: SealedField,
  text: string,
): Promise<Buffer> {
  return sealField(ctx, where.institution, placeOf(where, field), text);
}

export async function openRecordField(
  ctx: Pick<Ctx, 'keys'>,
  record: InterviewRecord,
  field: SealedField,
): Promise<string> {
  return (await openField(ctx, record.institution, placeOf(record, field), record[field])) ?? '';
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/** The same name, school, grade and class with the same consultant is taken for the same student. */
export function personIndex(
  ctx: Pick<Ctx, 'keyring'>,
  consultant: Types.ObjectId,
  who: Pick<RecordFields, 'std_name' | 'std_school' | 'std_grade' | 'std_class'>,
): string {
  const parts = [who.std_name, who.std_school, who.std_grade, who.std_class].map(plain);
  return ctx.keyring.blindIndex('record-person', [consultant.toHexString(), ...parts].join('\0'));
}

export function studentIndex(ctx: Pick<Ctx, 'keyring'>, consultant: Types.ObjectId, student: string): string {
  return ctx.keyring.blindIndex('record-student', `${consultant.toHexString()}\0${plain(student)}`);
}
