/**
 * The closed vocabularies of both documents and of the live protocol. Everything that both a wire and a
 * stored document name comes from here, so that one word never has two spellings.
 */

/** Roles as stored; the hotline wire prefixes them with `ROLE_` (document section 39). */
export const ROLES = [
  'VISITOR',
  'COUNSELOR',
  'SUPERVISOR',
  'INSTITUTION_ADMINISTRATOR',
  'SYSTEM_ADMINISTRATOR',
] as const;
export type Role = (typeof ROLES)[number];
export const STAFF_ROLES = ROLES.filter((role) => role !== 'VISITOR');
export const ADMIN_ROLES = ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;

/** What a conversation is (document section 39, `conversationType`). */
export const CONVERSATION_TYPES = ['COUNSELING_SESSION', 'REQUEST_SUPERVISE'] as const;
export type ConversationType = (typeof CONVERSATION_TYPES)[number];

/** The first and the last three are ours; the documented ones keep their labels. */
export const CONVERSATION_STATUSES = [
  'WAITING',
  'IN_PROGRESS',
  'FINISHED',
  'TIME_OUT',
  'CANCELLED',
  'EXPIRED',
] as const;
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number];
export const OPEN_STATUSES = ['WAITING', 'IN_PROGRESS'] as const;

/** Text is limited to an hour, voice to 40 minutes (consent text, section 39, part 6). */
export const CHANNELS = ['TEXT', 'VOICE'] as const;
export type Channel = (typeof CHANNELS)[number];

export { END_CAUSES, type EndCause } from './end-causes.js';

/** What happens to a conversation, in the words that integrators are told (docs/webhooks.md). */
export const CONVERSATION_EVENTS = ['opened', 'assigned', 'handed-over', 'requeued', 'ended'] as const;
export type ConversationEvent = (typeof CONVERSATION_EVENTS)[number];

/** How urgent somebody's need is; `none` = nothing is known that says more. */
export const RISK_LEVELS = ['none', 'low', 'moderate', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** How soon somebody who waits must be served; orders the line and decides nothing else. */
export const URGENCIES = ['none', 'moderate', 'high'] as const;
export type Urgency = (typeof URGENCIES)[number];
/** Where an urgency comes from: what the visitor answered, or a word of a keyword rule. */
export const URGENCY_SOURCES = ['INTAKE', 'WORDS'] as const;
export type UrgencySource = (typeof URGENCY_SOURCES)[number];

/** A message that was left while nobody was there: nobody looks after it, somebody does, it is done. */
export const OFFLINE_STATES = ['OPEN', 'TAKEN', 'DONE'] as const;
export type OfflineState = (typeof OFFLINE_STATES)[number];

/** What is known when the alarm is raised (Zhang Ruoyun et al. 2021: act done or under way, within 72 h, a week). */
export const ALARM_CAUSES = ['ACT', 'WITHIN_72H', 'WITHIN_WEEK', 'HARM_TO_OTHERS', 'UNSTATED'] as const;
export type AlarmCause = (typeof ALARM_CAUSES)[number];
export const CASE_STATUSES = ['OPEN', 'CLOSED'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];
export const CASE_SOURCES = ['ALARM', 'SCALE'] as const;
export type CaseSource = (typeof CASE_SOURCES)[number];

/** What kind of contact a session was; rates may leave the invalid ones out. */
export const DISPOSITIONS = [
  'COUNSELING',
  'CRISIS',
  'INFORMATION',
  'FOLLOW_UP',
  'SILENCE',
  'HARASSMENT',
  'TOO_SHORT',
  'WRONG_DOOR',
  'TEST',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];
export const INVALID_DISPOSITIONS = [
  'SILENCE',
  'HARASSMENT',
  'TOO_SHORT',
  'WRONG_DOOR',
  'TEST',
] as const satisfies readonly Disposition[];
/** Why a session has no risk band. */
export const NO_BAND_REASONS = ['INVALID_CONTACT', 'VISITOR_REFUSED', 'TOO_SHORT', 'NOT_INDICATED'] as const;
export type NoBandReason = (typeof NO_BAND_REASONS)[number];

/** What comes of a limit on a counselor's work that is reached. */
export const LIMIT_MODES = ['off', 'warn', 'refuse'] as const;
/** A rule of the house that a counselor's day breaks (policy `workLimits`, the roster). */
export const STRAINS = ['DAY_HOURS', 'IN_A_ROW', 'OFF_ROSTER'] as const;
export type Strain = (typeof STRAINS)[number];

/** What a supervisor looks at in a transcript; each is given one to five points. */
export const QUALITY_CRITERIA = [
  'CONTACT',
  'LISTENING',
  'ASSESSMENT',
  'RISK',
  'STRUCTURE',
  'BOUNDARIES',
] as const;
export type QualityCriterion = (typeof QUALITY_CRITERIA)[number];

/** When somebody who was in danger is asked after. */
export const FOLLOW_UP_STEPS = ['NEXT_DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
export type FollowUpStep = (typeof FOLLOW_UP_STEPS)[number];
export const FOLLOW_UP_STATES = ['OPEN', 'DONE', 'LEFT_OUT'] as const;
export type FollowUpState = (typeof FOLLOW_UP_STATES)[number];
export const FOLLOW_UP_OUTCOMES = [
  'BETTER',
  'UNCHANGED',
  'WORSE',
  'ACTED',
  'NOT_REACHED',
  'REFUSED',
  'LEFT_OUT',
] as const;
export type FollowUpOutcome = (typeof FOLLOW_UP_OUTCOMES)[number];
export const DISCLOSED_TO = ['SCHOOL', 'FAMILY', 'POLICE', 'HOSPITAL', 'CIVIL_AFFAIRS', 'OTHER'] as const;
export type DisclosedTo = (typeof DISCLOSED_TO)[number];

/** Why a running session went back to the queue: the same conversation, its seq goes on. */
export const REQUEUE_CAUSES = [
  'COUNSELOR_DROPPED',
  'COUNSELOR_RELEASED',
  'HANDED_BACK',
  'TRANSFERRED',
] as const;
export type RequeueCause = (typeof REQUEUE_CAUSES)[number];

/** Message kinds. `whisper` and `note` exist in REQUEST_SUPERVISE threads only (design.md, Rooms). */
export const MESSAGE_KINDS = [
  'text',
  'image',
  'file',
  'voice',
  'emoji',
  'card',
  'system',
  'whisper',
  'note',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** What a `system` message tells; each takes a seq, so a client that was away learns of it by sync. */
export const SYSTEM_EVENTS = [
  'assigned',
  'requeued',
  'handed-over',
  'recalled',
  'joined',
  'left',
  'time-cue',
  'silence-check',
  'silence-alarm',
  'risk-alarm',
  'extended',
  'emergency-card',
  'intake',
  'ended',
] as const;
export type SystemEvent = (typeof SYSTEM_EVENTS)[number];

/** Why somebody who takes no part reads a transcript; none said is stored as 未说明. */
export const READING_REASONS = [
  'SUPERVISION',
  'RISK',
  'QUALITY',
  'COMPLAINT',
  'HANDOVER',
  'LEGAL',
  'RESEARCH',
] as const;
export type ReadingReason = (typeof READING_REASONS)[number];

/** Why a session was given more time; a code, since words about a person would be sealed ones. */
export const EXTENSION_REASONS = ['SAFETY', 'UNFINISHED', 'REFERRAL', 'INTERRUPTED'] as const;
export type ExtensionReason = (typeof EXTENSION_REASONS)[number];

/** How a supervisor answered the call to a session (document section 27). */
export const CALL_STATES = ['CALLED', 'ACCEPTED', 'DECLINED', 'ESCALATED'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** How far a supervisor steps into a session: hears it, speaks in it, owns it. */
export const STEPS_IN = ['WATCH', 'CO_CHAT', 'TAKE_OVER'] as const;
export type StepIn = (typeof STEPS_IN)[number];
export const WATCH_MODES = ['WATCH', 'CO_CHAT'] as const;
export type WatchMode = (typeof WATCH_MODES)[number];

/** How a session is given to another counselor who is asked first. */
export const TRANSFER_KINDS = ['WARM', 'HIGH_RISK'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];
export const TRANSFER_OUTCOMES = ['ACCEPTED', 'DECLINED', 'WITHDRAWN', 'EXPIRED'] as const;
export type TransferOutcome = (typeof TRANSFER_OUTCOMES)[number];

/** Who is told that a supervisor listens: co-chat and take-over are told to everybody in any case. */
export const WATCH_TOLD = ['nobody', 'counselor', 'visitor'] as const;

/** Kinds that exist in a REQUEST_SUPERVISE only: no visitor may ever hear one. */
export const STAFF_KINDS = ['whisper', 'note'] as const satisfies readonly MessageKind[];

/** A counselor's stated availability (document section 24, `state`), apart from the connection. */
export const PRESENCES = ['online', 'busy', 'away', 'offline'] as const;
export type Presence = (typeof PRESENCES)[number];

/** How a message's sender is told on the wire. */
export const SENDER_TYPES = ['VISITOR', 'COUNSELOR', 'SUPERVISOR', 'ADMINISTRATOR', 'SYSTEM'] as const;
export type SenderType = (typeof SENDER_TYPES)[number];

/** What an evaluation is about (document section 38a). */
export const EVALUATION_OBJECTS = ['CONVERSATION', 'COUNSELOR'] as const;
export type EvaluationObject = (typeof EVALUATION_OBJECTS)[number];

/** Of a comparison with Tencent IM. */
export const IM_REPORT_STATES = ['QUEUED', 'RUNNING', 'DONE', 'FAILED'] as const;
export type ImReportState = (typeof IM_REPORT_STATES)[number];

/** A seat of a counselor: offered (accept timer), taken, or kept while the record is written. */
export const SEAT_STATES = ['OFFERED', 'OPEN', 'WRAP_UP'] as const;
export type SeatState = (typeof SEAT_STATES)[number];

/** In which order counselors with a free seat are chosen. */
export const MATCHING_ORDERS = ['least-loaded', 'longest-idle', 'round-robin'] as const;
export type MatchingOrder = (typeof MATCHING_ORDERS)[number];

/** Deadlines of a conversation, each taking effect at most once; `wrap-up` stands at the counselor's seat. */
export const DEADLINE_KINDS = [
  'waiting',
  'fallback',
  'limit',
  'cue',
  'silence',
  'check-in',
  'dropped',
  'accept',
  'call',
  'transfer',
  'overlap',
  'wrap-up',
] as const;
export type DeadlineKind = (typeof DEADLINE_KINDS)[number];

export const EXPORT_STATUSES = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];
export const EXPORT_FORMATS = ['pdf', 'docx', 'xlsx', 'json', 'txt'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How a consultant is reached and signs in (second document, `accountType`). */
export const ACCOUNT_TYPES = ['email', 'phone'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** What a verification code is for; a code that names none serves whichever is done first. */
export const CODE_PURPOSES = ['register', 'login', 'reset', 'deactivate', 'account'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** Kinds of an order, in the second document's own words. */
export const ORDER_TYPES = ['在线咨询', '线下咨询'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

/** An order's statuses as stored, and the word that the second document prints for each. */
export const ORDER_STATUSES = ['PENDING', 'WAITING', 'IN_PROGRESS', 'FINISHED', 'REJECTED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];
export const ORDER_STATUS_WORDS = {
  PENDING: '待接单',
  WAITING: '等待中',
  IN_PROGRESS: '咨询中',
  FINISHED: '已结束',
  REJECTED: '已拒绝',
} as const satisfies Record<OrderStatus, string>;

/** Why a conversation was erased. */
export const ERASURE_CAUSES = ['deleted', 'retention', 'request'] as const;
export type ErasureCause = (typeof ERASURE_CAUSES)[number];

/** What a canned reply may name; the console fills these in before the words are inserted. */
export const REPLY_VARIABLES = ['来访者', '咨询师', '机构'] as const;

/** What is wrong with a chain of audit entries. */
export const AUDIT_FAULTS = ['missing', 'altered', 'foreign', 'truncated'] as const;
export type AuditFault = (typeof AUDIT_FAULTS)[number];

/** What became of a visitor's request to be erased, and why one was refused: a code, since words would be about a person. */
export const ERASURE_REQUEST_STATES = ['ASKED', 'DONE', 'REFUSED'] as const;
export type ErasureRequestState = (typeof ERASURE_REQUEST_STATES)[number];
export const ERASURE_REFUSALS = ['MUST_KEEP', 'IN_CARE', 'UNSURE_WHO', 'AGREED'] as const;
export type ErasureRefusal = (typeof ERASURE_REFUSALS)[number];

/** By which way a notice leaves the platform. */
export const OUTBOX_CHANNELS = ['mail', 'sms', 'wechat', 'webhook'] as const;
export type OutboxChannel = (typeof OUTBOX_CHANNELS)[number];

/**
 * What the page of the platform's state looks at. Counts: failedJobs, outboxDead, webhooksDead, deadLetters, rollups;
 * seconds: jobs, outbox, webhooks; milliseconds: database, redis; hours: backup.
 */
export const HEALTH_CHECKS = [
  'database',
  'redis',
  'cutoffs',
  'webhooks',
  'webhooksDead',
  'jobs',
  'failedJobs',
  'outbox',
  'outboxDead',
  'deadLetters',
  'rollups',
  'backup',
] as const;
export type HealthCheckId = (typeof HEALTH_CHECKS)[number];

/** A backup is two: the data, and apart from them the wrapped keys with the receipts of erasure. */
export const BACKUP_PARTS = ['data', 'keys'] as const;
export type BackupPart = (typeof BACKUP_PARTS)[number];
