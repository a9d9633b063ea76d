import { Types } from 'mongoose';
import type { RecordFields } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { nextCaseID } from '../case/case-id.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord } from '../policies/record.js';
import { personIndex, sealRecordField } from './sealed.js';

/**
 * A case file as the consultant enters it (second document, records/create); the same twice makes two.
 * @returns its integer id
 */
export async function createRecord(ctx: Ctx, actor: Actor, fields: RecordFields): Promise<number> {
  const consultant = assertRecord(actor, 'record.write');
  const caseID = await nextCaseID(ctx);
  await ctx.models.InterviewRecord.create(
    await recordOf(ctx, { consultant, institution: actor.institution, caseID }, fields),
  );
  return caseID;
}

/** A case file as it is stored: sealed, not yet written. */
export async function recordOf(
  ctx: Ctx,
  whose: Pick<InterviewRecord, 'consultant' | 'institution' | 'caseID'>,
  fields: RecordFields,
): Promise<InterviewRecord> {
  const where = { _id: new Types.ObjectId(), institution: whose.institution };
  return {
    ...where,
    caseID: whose.caseID,
    consultant: whose.consultant,
    name: await sealRecordField(ctx, where, 'name', fields.std_name),
    evaluation: await sealRecordField(ctx, where, 'evaluation', fields.doctor_evaluation),
    plan: await sealRecordField(ctx, where, 'plan', fields.follow_up_plan),
    person: personIndex(ctx, whose.consultant, fields),
    grade: fields.std_grade,
    class: fields.std_class,
    school: fields.std_school,
    count: fields.interview_count,
    status: fields.interview_status,
    type: fields.interview_type,
    createdAt: new Date(ctx.clock.now()),
  };
}
