/** What a supervisor answers (contract-notes.md section 4, "27"), and handing a session over ("13 force"). */
import { Conversation } from '../../../contract/conversation.js';
import { z } from 'zod';
import { id } from '../../../contract/common.js';
import { STAFF_ROLES } from '../../../contract/enums.js';
import { Message, MessageReceipt } from '../../../contract/message.js';
import {
  AnswerSupervision,
  HandBack,
  ReadNotes,
  StepInto,
  StepOut,
  Whisper,
  WriteNote,
} from '../../../contract/supervision.js';
import { transferConversation } from '../../../services/conversation/hand-over.js';
import { presentConversation } from '../../../services/presenters/conversation.js';
import {
  acceptSupervision,
  declineSupervision,
  leaveSupervision,
  listSupervisions,
} from '../../../services/supervision/answer.js';
import { stepIn, stepOut } from '../../../services/supervision/step-in.js';
import { listNotes, writeNote } from '../../../services/supervision/notes.js';
import { handBack } from '../../../services/supervision/take-over.js';
import { whisper } from '../../../services/supervision/whisper.js';
import { route, type Route } from '../../route.js';

const ANSWERS = [
  ['accept', '接受督导请求', acceptSupervision],
  ['decline', '谢绝督导请求', declineSupervision],
  ['leave', '离开督导会话', leaveSupervision],
] as const;

export const supervisionRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '27',
    method: 'get',
    path: '/api/v1/supervisions',
    summary: '自己被请求的督导会话',
    auth: ['SUPERVISOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(Conversation),
    handle: ({ ctx, actor }) => listSupervisions(ctx, actor),
  }),
  ...ANSWERS.map(([verb, summary, answer]) =>
    route({
      dialect: 'ours',
      section: '27',
      method: 'post',
      path: `/api/v1/supervisions/{id}/${verb}`,
      summary,
      auth: ['SUPERVISOR'],
      from: 'json',
      input: AnswerSupervision,
      answer: Conversation,
      errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
      handle: ({ ctx, actor, input }) => answer(ctx, actor, input.id),
    }),
  ),
  ...(['supervisions', 'conversations'] as const).map((noun) =>
    route({
      dialect: 'ours',
      section: '27',
      method: 'post',
      path: `/api/v1/${noun}/{id}/step-in`,
      summary: '督导介入会话：旁听、加入对话或接管',
      auth: ['SUPERVISOR'],
      from: 'json',
      input: StepInto,
      answer: Conversation,
      errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
      handle: ({ ctx, actor, input }) => stepIn(ctx, actor, input.id, input.step),
    }),
  ),
  route({
    dialect: 'ours',
    section: '27',
    method: 'post',
    path: '/api/v1/conversations/{id}/step-out',
    summary: '督导退出旁听或对话',
    auth: ['SUPERVISOR'],
    from: 'json',
    input: StepOut,
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => stepOut(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '27',
    method: 'post',
    path: '/api/v1/conversations/{id}/hand-back',
    summary: '督导交还接管的会话',
    auth: ['SUPERVISOR'],
    from: 'json',
    input: HandBack,
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => handBack(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '27',
    method: 'post',
    path: '/api/v1/conversations/{id}/whisper',
    summary: '悄悄提醒咨询师（来访者看不到）',
    auth: ['SUPERVISOR'],
    from: 'json',
    input: Whisper,
    answer: MessageReceipt,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED', 'CONVERSATION_ENDED'],
    handle: ({ ctx, actor, input }) => whisper(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '13 force',
    method: 'post',
    path: '/api/v1/conversations/{id}/transfer',
    summary: '把进行中的会话转接给另一位咨询师',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'json',
    input: z.strictObject({ id, counselor: id.describe('Who takes it') }),
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: async ({ ctx, actor, input }) =>
      presentConversation(ctx, await transferConversation(ctx, actor, input.id, input.counselor)),
  }),
  route({
    dialect: 'ours',
    section: '27',
    method: 'get',
    path: '/api/v1/conversations/{id}/notes',
    summary: '会话的内部备注，来访者看不到',
    auth: STAFF_ROLES,
    from: 'query',
    input: ReadNotes,
    answer: z.array(Message),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listNotes(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '27',
    method: 'post',
    path: '/api/v1/conversations/{id}/notes',
    summary: '为进行中的会话写内部备注，来访者看不到',
    auth: ['COUNSELOR', 'SUPERVISOR'],
    from: 'json',
    input: WriteNote,
    answer: MessageReceipt,
    errors: ['NOT_FOUND', 'RULE_REFUSED', 'CONVERSATION_ENDED'],
    handle: ({ ctx, actor, input }) => writeNote(ctx, actor, input),
  }),
];
