/** Giving a running session away: asked by name, or back to the queue (ours). */
import { z } from 'zod';
import { Ok } from '../../../contract/answer.js';
import { Conversation } from '../../../contract/conversation.js';
import { AnswerTransfer, GiveBack, OfferTransfer, Transfer } from '../../../contract/transfer.js';
import { giveBack } from '../../../services/conversation/give-back.js';
import { endOverlap } from '../../../services/conversation/overlap.js';
import {
  acceptTransfer,
  declineTransfer,
  listTransfers,
  offerTransfer,
  withdrawTransfer,
} from '../../../services/conversation/transfer.js';
import { route } from '../../route.js';

const GIVERS = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const base = { dialect: 'ours', section: '13 force', from: 'json' } as const;

export const transferRoutes = [
  route({
    ...base,
    from: 'query',
    method: 'get',
    path: '/api/v1/me/transfers',
    summary: '请自己接手的会话，以及自己请别人接手的会话',
    auth: ['COUNSELOR', 'SUPERVISOR'],
    input: z.strictObject({}),
    answer: z.array(Transfer),
    handle: ({ ctx, actor }) => listTransfers(ctx, actor),
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/transfer-offer',
    summary: '请一位咨询师接手进行中的会话，由对方确认',
    auth: GIVERS,
    input: OfferTransfer,
    answer: Transfer,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => offerTransfer(ctx, actor, input),
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/transfer-accept',
    summary: '同意接手',
    auth: ['COUNSELOR'],
    input: AnswerTransfer,
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => acceptTransfer(ctx, actor, input.id),
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/transfer-decline',
    summary: '谢绝接手',
    auth: ['COUNSELOR'],
    input: AnswerTransfer,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await declineTransfer(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/transfer-withdraw',
    summary: '撤回转接请求',
    auth: GIVERS,
    input: AnswerTransfer,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await withdrawTransfer(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/give-back',
    summary: '把进行中的会话放回等待队列，可附交接说明',
    auth: GIVERS,
    input: GiveBack,
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => giveBack(ctx, actor, input),
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/conversations/{id}/end-overlap',
    summary: '结束交接期：原咨询师离开会话',
    auth: ['COUNSELOR'],
    input: AnswerTransfer,
    answer: Conversation,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => endOverlap(ctx, actor, input.id),
  }),
];
