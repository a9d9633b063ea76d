import type { PatchRecord, RecordFields, RecordRow } from '../../contract/consultant/record.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { presentRecord } from '../presenters/record.js';
import { accessRecord, noRecord } from './access.js';
import { openKey } from './keys.js';
import { openRecords, personIndex, sealRecord } from './sealed.js';

/**
 * Corrects a case file (contract-notes.md section 4); left out = unchanged.
 * @throws AppError NOT_FOUND, CONFLICT when it was changed meanwhile
 */
export async function patchRecord(
  ctx: Ctx,
  actor: Actor,
  { id, ...change }: PatchRecord,
): Promise<RecordRow> {
  const record = await accessRecord(ctx, actor, 'record.write', id);
  const [opened] = await openRecords(ctx, [record]);
  if (!opened) throw noRecord();
  const fields: RecordFields = {
    std_name: change.std_name ?? opened.name,
    std_grade: change.std_grade ?? record.grade,
    std_class: change.std_class ?? record.class,
    std_school: change.std_school ?? record.school,
    interview_count: change.interview_count ?? record.count,
    interview_status: change.interview_status ?? record.status,
    interview_type: change.interview_type ?? record.type,
    doctor_evaluation: change.doctor_evaluation ?? opened.evaluation,
    follow_up_plan: change.follow_up_plan ?? opened.plan,
  };
  const [own, shared] = [await openKey(ctx, record), await ctx.keys.institution(record.institution)];
  const changed = await ctx.models.InterviewRecord.findOneAndUpdate(
    // Each writing seals the name anew: whoever wrote meanwhile is noticed by it.
    { _id: record._id, name: record.name },
    {
      $set: {
        ...sealRecord(record, fields, { own, shared }),
        person: personIndex(ctx, record.consultant, fields),
        grade: fields.std_grade,
        class: fields.std_class,
        school: fields.std_school,
        // A consultation record may have raised it meanwhile: only what was asked for is written.
        ...(change.interview_count === undefined ? {} : { count: fields.interview_count }),
        status: fields.interview_status,
        type: fields.interview_type,
      },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!changed) throw new AppError('CONFLICT', { message: '该档案刚被修改，请刷新后重试。' });
  const [now] = await openRecords(ctx, [changed]);
  if (!now) throw noRecord();
  return presentRecord(changed, now);
}
