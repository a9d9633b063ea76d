/** Every collection, built on one connection. */
import type { Connection } from 'mongoose';
import { arrangeSchema, type Arrange } from './arrange.js';
import { attachmentSchema, type AttachmentRow } from './attachment.js';
import { auditEntrySchema, type AuditEntry } from './audit-entry.js';
import { backupSchema, type Backup } from './backup.js';
import { calendarSchema, type Calendar } from './calendar.js';
import { cannedReplySchema, type CannedReply } from './canned-reply.js';
import { codeSchema, type Code } from './code.js';
import { connectionSchema, type ConnectionRow } from './connection.js';
import { consentTextSchema, type ConsentTextRow } from './consent-text.js';
import { consultationSchema, type Consultation } from './consultation.js';
import { conversationSchema, type Conversation } from './conversation.js';
import { counterSchema, type Counter } from './counter.js';
import { cutoffSchema, type Cutoff } from './cutoff.js';
import { dataKeySchema, type DataKeyRow } from './data-key.js';
import { deadLetterSchema, type DeadLetterRow } from './dead-letter.js';
import { devOutboxSchema, type DevOutboxRow } from './dev-outbox.js';
import { dutySchema, type Duty } from './duty.js';
import { disclosureSchema, followUpSchema, type Disclosure, type FollowUp } from './follow-up.js';
import { erasureRequestSchema, type ErasureRequest } from './erasure-request.js';
import { erasureSchema, type Erasure } from './erasure.js';
import { evaluationSchema, type Evaluation } from './evaluation.js';
import { exportTaskSchema, type ExportTask } from './export-task.js';
import {
  imLinkSchema,
  imMirrorSchema,
  imReportSchema,
  type ImLinkRow,
  type ImMirrorRow,
  type ImReportRow,
} from './im-mirror.js';
import { institutionSchema, type Institution } from './institution.js';
import { interviewRecordSchema, type InterviewRecord } from './interview-record.js';
import { leaseSchema, type Lease } from './lease.js';
import { legalHoldSchema, type LegalHold } from './legal-hold.js';
import { messageSchema, type Message } from './message.js';
import { offlineMessageSchema, type OfflineMessage } from './offline-message.js';
import { orderSchema, type Order } from './order.js';
import { outboxSchema, type OutboxRow } from './outbox.js';
import { personalProfileSchema, type PersonalProfile } from './personal-profile.js';
import { policySchema, type PolicyRow } from './policy.js';
import { presenceIntervalSchema, type PresenceInterval } from './presence-interval.js';
import { qualityReviewSchema, type QualityReview } from './quality-review.js';
import { readMarkSchema, type ReadMarkRow } from './read-mark.js';
import {
  rolledFactsSchema,
  rollupSchema,
  rollupStateSchema,
  type RolledFacts,
  type Rollup,
  type RollupState,
} from './rollup.js';
import { riskAssessmentSchema, riskCaseSchema, type RiskAssessment, type RiskCase } from './risk-case.js';
import { sealKeySchema, type SealKeyRow } from './seal-key.js';
import { sessionRecordSchema, type SessionRecord } from './session-record.js';
import { sessionSchema, type Session } from './session.js';
import { supervisionEntrySchema, type SupervisionEntry } from './supervision-entry.js';
import { templateSchema, type Template } from './template.js';
import { userSchema, type User } from './user.js';
import { webhookSchema, type Webhook } from './webhook.js';
import { workDaySchema, type WorkDay } from './work-day.js';
import { weeklyRuleSchema, type WeeklyRule } from './weekly-rule.js';

export function buildModels(connection: Connection) {
  return {
    Arrange: connection.model<Arrange>('Arrange', arrangeSchema),
    Attachment: connection.model<AttachmentRow>('Attachment', attachmentSchema),
    AuditEntry: connection.model<AuditEntry>('AuditEntry', auditEntrySchema),
    Backup: connection.model<Backup>('Backup', backupSchema),
    Calendar: connection.model<Calendar>('Calendar', calendarSchema),
    CannedReply: connection.model<CannedReply>('CannedReply', cannedReplySchema),
    Code: connection.model<Code>('Code', codeSchema),
    Connection: connection.model<ConnectionRow>('Connection', connectionSchema),
    ConsentText: connection.model<ConsentTextRow>('ConsentText', consentTextSchema),
    Consultation: connection.model<Consultation>('Consultation', consultationSchema),
    Conversation: connection.model<Conversation>('Conversation', conversationSchema),
    Counter: connection.model<Counter>('Counter', counterSchema),
    Cutoff: connection.model<Cutoff>('Cutoff', cutoffSchema),
    DataKey: connection.model<DataKeyRow>('DataKey', dataKeySchema),
    DeadLetter: connection.model<DeadLetterRow>('DeadLetter', deadLetterSchema),
    DevOutbox: connection.model<DevOutboxRow>('DevOutbox', devOutboxSchema),
    Disclosure: connection.model<Disclosure>('Disclosure', disclosureSchema),
    Duty: connection.model<Duty>('Duty', dutySchema),
    Erasure: connection.model<Erasure>('Erasure', erasureSchema),
    ErasureRequest: connection.model<ErasureRequest>('ErasureRequest', erasureRequestSchema),
    Evaluation: connection.model<Evaluation>('Evaluation', evaluationSchema),
    ExportTask: connection.model<ExportTask>('ExportTask', exportTaskSchema),
    FollowUp: connection.model<FollowUp>('FollowUp', followUpSchema),
    ImLink: connection.model<ImLinkRow>('ImLink', imLinkSchema),
    ImMirror: connection.model<ImMirrorRow>('ImMirror', imMirrorSchema),
    ImReport: connection.model<ImReportRow>('ImReport', imReportSchema),
    Institution: connection.model<Institution>('Institution', institutionSchema),
    InterviewRecord: connection.model<InterviewRecord>('InterviewRecord', interviewRecordSchema),
    Lease: connection.model<Lease>('Lease', leaseSchema),
    LegalHold: connection.model<LegalHold>('LegalHold', legalHoldSchema),
    Message: connection.model<Message>('Message', messageSchema),
    OfflineMessage: connection.model<OfflineMessage>('OfflineMessage', offlineMessageSchema),
    Order: connection.model<Order>('Order', orderSchema),
    Outbox: connection.model<OutboxRow>('Outbox', outboxSchema),
    PersonalProfile: connection.model<PersonalProfile>('PersonalProfile', personalProfileSchema),
    Policy: connection.model<PolicyRow>('Policy', policySchema),
    PresenceInterval: connection.model<PresenceInterval>('PresenceInterval', presenceIntervalSchema),
    QualityReview: connection.model<QualityReview>('QualityReview', qualityReviewSchema),
    ReadMark: connection.model<ReadMarkRow>('ReadMark', readMarkSchema),
    RiskAssessment: connection.model<RiskAssessment>('RiskAssessment', riskAssessmentSchema),
    RiskCase: connection.model<RiskCase>('RiskCase', riskCaseSchema),
    RolledFacts: connection.model<RolledFacts>('RolledFacts', rolledFactsSchema),
    Rollup: connection.model<Rollup>('Rollup', rollupSchema),
    RollupState: connection.model<RollupState>('RollupState', rollupStateSchema),
    SealKey: connection.model<SealKeyRow>('SealKey', sealKeySchema),
    SessionRecord: connection.model<SessionRecord>('SessionRecord', sessionRecordSchema),
    Session: connection.model<Session>('Session', sessionSchema),
    SupervisionEntry: connection.model<SupervisionEntry>('SupervisionEntry', supervisionEntrySchema),
    Template: connection.model<Template>('Template', templateSchema),
    User: connection.model<User>('User', userSchema),
    Webhook: connection.model<Webhook>('Webhook', webhookSchema),
    WorkDay: connection.model<WorkDay>('WorkDay', workDaySchema),
    WeeklyRule: connection.model<WeeklyRule>('WeeklyRule', weeklyRuleSchema),
  };
}
export type Models = ReturnType<typeof buildModels>;
