/** A case file as the second document prints it; every unset string is "". */
import type { RecordRow } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import type { Ctx } from '../context.js';
import { openRecordField } from '../record/sealed.js';
import { formatMoment } from '../time/moment.js';

export async function presentRecord(ctx: Pick<Ctx, 'keys'>, record: InterviewRecord): Promise<RecordRow> {
  return {
    id: String(record.caseID),
    std_name: await openRecordField(ctx, record, 'name'),
    std_grade: record.grade,
    std_class: record.class,
    std_school: record.school,
    interview_count: record.count,
    interview_status: record.status,
    interview_type: record.type,
    doctor_evaluation: await openRecordField(ctx, record, 'evaluation'),
    follow_up_plan: await openRecordField(ctx, record, 'plan'),
    create_time: formatMoment(record.createdAt),
  };
}
