/** What Tencent IM calls back with, and the letters that fit nowhere (document section 38b; contract-notes section 4). */
import { z } from 'zod';
import { blankAsAbsent, id, lenientNumber, page, size } from './common.js';

const account = z.string().min(1).max(64).describe('An IM account: the id of one of ours, or a stranger');
const whole = lenientNumber.pipe(z.number().int());

/** One element of a message; what it holds depends on its type, and types unknown to us exist. */
export const ImElement = z.looseObject({
  MsgType: z.string().max(64),
  MsgContent: z.record(z.string(), z.unknown()).default({}),
});
export type ImElement = z.infer<typeof ImElement>;

/** C2C.CallbackBeforeSendMsg and C2C.CallbackAfterSendMsg; numbers may come as strings. */
export const ImMessage = z
  .looseObject({
    From_Account: account,
    To_Account: account,
    MsgSeq: whole.describe('Chosen by the sender, not unique'),
    MsgRandom: whole,
    MsgTime: whole.describe('Seconds'),
    MsgKey: blankAsAbsent(z.string().regex(/^[\x21-\x7e]{1,48}$/)).describe('MsgSeq_MsgRandom_MsgTime'),
    OnlineOnlyFlag: blankAsAbsent(whole).describe('1 = not kept by Tencent'),
    SendMsgResult: blankAsAbsent(whole).describe('0 = delivered; the callback fires otherwise too'),
    MsgBody: z.preprocess(
      (value) => (Array.isArray(value) ? (value as unknown[]) : [value]),
      z.array(ImElement).min(1).max(100),
    ),
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
  MsgKey: z.string().regex(/^[\x21-\x7e]{1,48}$/),
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
  Info: z.looseObject({ Action: z.string().max(32), To_Account: account }),
});
export type ImStateChange = z.infer<typeof ImStateChange>;

/** What a callback is answered with, always with HTTP 200. */
export interface ImReply {
  ActionStatus: 'OK' | 'FAIL';
  ErrorInfo: string;
  ErrorCode: 0 | 1;
}

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
export interface DeadLetter {
  id: string;
  command: string;
  /** Why nothing came of it: a stable word, or `undelivered:<Tencent's error code>`. */
  reason: string;
  from: string | null;
  to: string | null;
  msgKey: string | null;
  state: 'KEPT' | 'DONE';
  /** How often it came. */
  count: number;
  /** How often an administrator tried it again. */
  attempts: number;
  /** Epoch milliseconds of its first coming. */
  time: number;
  /** What it says; only where one letter is asked for, and that is audited. */
  payload?: unknown;
}
