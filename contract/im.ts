/** What Tencent IM calls back with, and the letters that fit nowhere (document section 38b; contract-notes section 4). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, moment, text, whole as wholeNumber } from './answer.js';
import { blankAsAbsent, id, lenientNumber, page, size } from './common.js';
import { IM_REPORT_STATES } from './enums.js';

const account = z.string().min(1).max(64).describe('An IM account: the id of one of ours, or a stranger');
const whole = lenientNumber.pipe(z.number().int());

/** One element of a message; what it holds depends on its type, and types unknown to us exist. */
export const ImElement = z.looseObject({
  MsgType: z.string().max(64).describe('TIMTextElem, TIMFaceElem, …'),
  MsgContent: z.record(z.string(), z.unknown()).default({}).describe('As the type says'),
});
export type ImElement = z.infer<typeof ImElement>;

/** C2C.CallbackBeforeSendMsg and C2C.CallbackAfterSendMsg; numbers may come as strings. */
export const ImMessage = z
  .looseObject({
    From_Account: account,
    To_Account: account,
    MsgSeq: whole.describe('Chosen by the sender, not unique'),
    MsgRandom: whole.describe('Random number of the message'),
    MsgTime: whole.describe('Seconds'),
    MsgKey: blankAsAbsent(z.string().regex(/^[\x21-\x7e]{1,48}$/)).describe('MsgSeq_MsgRandom_MsgTime'),
    OnlineOnlyFlag: blankAsAbsent(whole).describe('1 = not kept by Tencent'),
    SendMsgResult: blankAsAbsent(whole).describe('0 = delivered; the callback fires otherwise too'),
    MsgBody: z
      .preprocess(
        (value) => (Array.isArray(value) ? (value as unknown[]) : [value]),
        z.array(ImElement).min(1).max(100),
      )
      .describe('Elements of the message'),
    CloudCustomData: blankAsAbsent(z.string().max(8_192)).describe('The conversation id, bare or in JSON'),
  })
  .transform((message) => ({
    ...message,
    MsgKey: message.MsgKey ?? [message.MsgSeq, message.MsgRandom, message.MsgTime].join('_'),
  }));
export type ImMessage = z.infer<typeof ImMessage>;

export const ImWithdrawal = z.looseObject({
  From_Account: account,
  To_Account: account,
  MsgKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,48}$/)
    .describe('Which message'),
});
export type ImWithdrawal = z.infer<typeof ImWithdrawal>;

export const ImReport = z.looseObject({
  Report_Account: account.describe('Who has read'),
  Peer_Account: account,
  LastReadTime: whole.describe('Seconds'),
});
export type ImReport = z.infer<typeof ImReport>;

export const ImStateChange = z.looseObject({
  EventTime: blankAsAbsent(whole).describe('Milliseconds'),
  Info: z
    .looseObject({ Action: z.string().max(32).describe('Login, Logout or Disconnect'), To_Account: account })
    .describe('Who came or went'),
});
export type ImStateChange = z.infer<typeof ImStateChange>;

/** What a callback is answered with, always with HTTP 200. */
export const ImReply = answer('ImReply', {
  ActionStatus: z.enum(['OK', 'FAIL']).describe('FAIL: not genuine or unreadable'),
  ErrorInfo: text('"" or why it failed'),
  ErrorCode: z.union([z.literal(0), z.literal(1)]).describe('0 = OK, 1 = FAIL'),
});
export type ImReply = z.infer<typeof ImReply>;

/** The callback's query, whose names may come in any case. */
export const ImCallbackQuery = z.object({
  SdkAppid: z.string().describe('Must be ours'),
  CallbackCommand: z.string().describe('C2C.CallbackAfterSendMsg, State.StateChange, …'),
  contentType: z.string().optional().describe('json'),
  ClientIP: z.string().optional().describe('Address of the client'),
  OptPlatform: z.string().optional().describe('iOS, Android, Web, RESTAPI, …'),
  Sign: z.string().optional().describe('SHA-256 of token and RequestTime in hex; due once a token is set'),
  RequestTime: z.string().optional().describe('Seconds; due together with Sign'),
});

/** The callback's body by command; fields that are not named here are ignored. */
export const ImCallbackBody = z.union([
  ImMessage.in.meta({ id: 'ImMessage', description: 'C2C.CallbackBeforeSendMsg, C2C.CallbackAfterSendMsg' }),
  ImWithdrawal.meta({ id: 'ImWithdrawal', description: 'C2C.CallbackAfterMsgWithDraw' }),
  ImReport.meta({ id: 'ImReport', description: 'C2C.CallbackAfterMsgReport' }),
  ImStateChange.meta({ id: 'ImStateChange', description: 'State.StateChange' }),
]);

export const ListDeadLetters = z
  .strictObject({
    state: blankAsAbsent(z.enum(['KEPT', 'DONE'])).describe('KEPT = nothing came of it yet'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListDeadLetters' });
export type ListDeadLetters = z.infer<typeof ListDeadLetters>;

export const OneDeadLetter = z.strictObject({ id }).meta({ id: 'OneDeadLetter' });

/** A callback of Tencent's that fits nowhere, without what it says. */
export const DeadLetter = answer('DeadLetter', {
  id: text('Identifier'),
  command: text('CallbackCommand'),
  reason: text('Why nothing came of it: a stable word, or undelivered:<Tencent’s error code>'),
  from: maybeText('From_Account'),
  to: maybeText('To_Account'),
  msgKey: maybeText('MsgKey'),
  state: z.enum(['KEPT', 'DONE']).describe('KEPT = nothing came of it yet'),
  count: wholeNumber('How often it came'),
  attempts: wholeNumber('How often an administrator tried it again'),
  time: moment('When it first came'),
  payload: z
    .unknown()
    .optional()
    .describe('What it says; only where one letter is asked for, and that is audited'),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const ListImReports = z.strictObject({ page, size: size(50) }).meta({ id: 'ListImReports' });
export type ListImReports = z.infer<typeof ListImReports>;

export const StartImReport = z
  .strictObject({
    days: blankAsAbsent(z.int().min(1).max(30)).describe(
      'How many days back, 2 when left out; Tencent keeps 7, or 30 in its largest edition',
    ),
  })
  .meta({ id: 'StartImReport' });
export type StartImReport = z.infer<typeof StartImReport>;

/** What a comparison with Tencent IM found and did. Counts only: it names no person and no message. */
export const ImComparison = answer('ImComparison', {
  id: text('The night (YYYY-MM-DD, Asia/Shanghai), or `by hand` and a moment'),
  state: z
    .enum(IM_REPORT_STATES)
    .describe('QUEUED, RUNNING, DONE, or FAILED: broken off, the next one covers the same days'),
  from: moment('What was said from then'),
  to: moment('until then'),
  conversations: wholeNumber('Sessions that were compared'),
  fetched: wholeNumber('Messages that Tencent held and we did not: fetched'),
  recalled: wholeNumber('Recalls that we had missed'),
  resumed: wholeNumber('Conversations whose copying to Tencent had stopped: begun again'),
  failures: wholeNumber('Sessions whose history Tencent did not give'),
  by: maybeText('The administrator who started it; null = the night, or a command'),
  startedAt: moment('When it was started'),
  endedAt: maybeMoment('When it was over'),
});
export type ImComparison = z.infer<typeof ImComparison>;
