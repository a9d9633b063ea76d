/** A case file as the second document prints it; every unset string is "". */
import type { RecordRow } from '../../contract/consultant/record.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import type { OpenedRecord } from '../record/sealed.js';
import { formatMoment } from '../time/moment.js';

export function presentRecord(record: InterviewRecord, opened: OpenedRecord): RecordRow {
  return {
    id: String(record.caseID),
    std_name: opened.name,
    std_grade: record.grade,
    std_class: record.class,
    std_school: record.school,
    interview_count: record.count,
    interview_status: record.status,
    interview_type: record.type,
    doctor_evaluation: opened.evaluation,
    follow_up_plan: opened.plan,
    create_time: formatMoment(record.createdAt),
  };
}
