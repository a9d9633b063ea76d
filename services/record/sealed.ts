/** What of a case file is sealed: who it is about (level B), and what was found and planned (level A). */
import type { Types } from 'mongoose';
import type { RecordFields } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { breath } from '../../platform/breath.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { openKeys } from './keys.js';

export type SealedField = 'name' | 'evaluation' | 'plan';
export type OpenedRecord = Record<SealedField, string>;
interface Where {
  _id: Types.ObjectId;
  institution: string;
}
const placeOf = (where: Where, field: SealedField) =>
  ['interviewRecords', field, where._id.toHexString(), where.institution] as const;

/** Rows opened between two looks at the event loop. */
const CHUNK = 200;

/** @param own the record's own key; @param shared the institution's */
export function sealRecord(
  where: Where,
  fields: Pick<RecordFields, 'std_name' | 'doctor_evaluation' | 'follow_up_plan'>,
  { own, shared }: { own: DataKey; shared: DataKey },
): Pick<InterviewRecord, SealedField> {
  const sealed = (key: DataKey, field: SealedField, text: string) =>
    seal(key, Buffer.from(text), placeOf(where, field));
  return {
    name: sealed(shared, 'name', fields.std_name),
    evaluation: sealed(own, 'evaluation', fields.doctor_evaluation),
    plan: sealed(own, 'plan', fields.follow_up_plan),
  };
}

/**
 * Opens rows of any number, with one query for their keys and without holding up the event loop.
 * @param fields left out = all; names alone need no key of a record's own
 */
export async function openRecords(
  ctx: Ctx,
  records: readonly InterviewRecord[],
  fields: readonly SealedField[] = ['name', 'evaluation', 'plan'],
): Promise<OpenedRecord[]> {
  const ownKey = fields.some((field) => field !== 'name') ? await openKeys(ctx, records) : () => null;
  const opened: OpenedRecord[] = [];
  for (const [index, record] of records.entries()) {
    if (index % CHUNK === CHUNK - 1) await breath();
    const shared = await ctx.keys.institution(record.institution);
    const own = ownKey(record);
    const open = (field: SealedField): string => {
      const key = field === 'name' ? shared : own;
      const sealed = record[field];
      return fields.includes(field) && key && sealed
        ? unseal(key, sealed, placeOf(record, field)).toString()
        : '';
    };
    opened.push({ name: open('name'), evaluation: open('evaluation'), plan: open('plan') });
  }
  return opened;
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
