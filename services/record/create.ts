import { Types, type ClientSession } from 'mongoose';
import type { RecordFields } from '../../contract/consultant/record.js';
import type { DataKeyRow } from '../../models/data-key.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import type { DataKey } from '../../platform/keyring.js';
import { breath } from '../../platform/breath.js';
import { nextCaseID } from '../case/case-id.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord } from '../policies/record.js';
import { newKeys } from './keys.js';
import { personIndex, sealRecord } from './sealed.js';

/** Rows sealed between two looks at the event loop. */
const CHUNK = 50;

/**
 * A case file as the consultant enters it (second document, records/create); the same twice makes two.
 * @returns its integer id
 */
export async function createRecord(ctx: Ctx, actor: Actor, fields: RecordFields): Promise<number> {
  const consultant = assertRecord(actor, 'record.write');
  const caseID = await nextCaseID(ctx);
  const made = await recordsOf(ctx, { consultant, institution: actor.institution, first: caseID }, [fields]);
  await ctx.mongo.transaction((session) => storeRecords(ctx, made, session));
  return caseID;
}

export interface MadeRecords {
  records: InterviewRecord[];
  /** The rows that hold their keys. */
  keys: DataKeyRow[];
  /** The opened key of each. */
  opened: DataKey[];
}

/**
 * Case files as they are stored: sealed, not yet written.
 * @param whose `first` is the integer id of the first of them; the others follow
 */
export async function recordsOf(
  ctx: Ctx,
  whose: Pick<InterviewRecord, 'consultant' | 'institution'> & { first: number },
  rows: readonly RecordFields[],
): Promise<MadeRecords> {
  const { consultant, institution } = whose;
  const shared = await ctx.keys.institution(institution);
  const keys = await newKeys(ctx, institution, rows.length);
  const createdAt = new Date(ctx.clock.now());
  const records: InterviewRecord[] = [];
  for (const [index, fields] of rows.entries()) {
    if (index % CHUNK === CHUNK - 1) await breath();
    const place = keys.keys[index];
    if (!place) throw new Error('a record without a key');
    const where = { _id: new Types.ObjectId(), institution };
    records.push({
      ...where,
      caseID: whose.first + index,
      consultant,
      key: place.key,
      keySlot: place.keySlot,
      ...sealRecord(where, fields, { own: place.opened, shared }),
      person: personIndex(ctx, consultant, fields),
      grade: fields.std_grade,
      class: fields.std_class,
      school: fields.std_school,
      count: fields.interview_count,
      status: fields.interview_status,
      type: fields.interview_type,
      createdAt,
    });
  }
  return { records, keys: keys.rows, opened: keys.keys.map(({ opened }) => opened) };
}

/** All of them or, with the transaction, none. By the raw driver: thousands of documents need no model. */
export async function storeRecords(ctx: Ctx, made: MadeRecords, session: ClientSession): Promise<void> {
  await ctx.models.DataKey.collection.insertMany(made.keys, { session });
  await ctx.models.InterviewRecord.collection.insertMany(made.records, { session });
}
