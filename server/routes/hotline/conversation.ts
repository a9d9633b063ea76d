/** Document sections 26a, 26b, 28, 29 and 38c. */
import { Ok } from '../../../contract/answer.js';
import { Message, readingReason } from '../../../contract/message.js';
import { z } from 'zod';
import { id, page, size } from '../../../contract/common.js';
import {
  Conversation,
  ListConsults,
  ListedConversation,
  ListOwnConversations,
  OpenConversation,
} from '../../../contract/conversation.js';
import { listConsults } from '../../../services/conversation/consult-list.js';
import { deleteConversation } from '../../../services/conversation/delete.js';
import { endConversation } from '../../../services/conversation/end.js';
import { listOwnConversations } from '../../../services/conversation/list.js';
import { openConversation } from '../../../services/conversation/open.js';
import { listTranscript } from '../../../services/message/transcript.js';
import { route } from '../../route.js';

const EVERY_STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;

export const conversationRoutes = [
  route({
    dialect: 'hotline',
    section: '26a',
    method: 'put',
    path: '/conversation',
    summary: '创建会话（如果繁忙创建等待会话）',
    auth: ['VISITOR'],
    from: 'json',
    input: OpenConversation,
    answer: Conversation,
    errors: ['NOT_FOUND', 'FORBIDDEN', 'CONSENT_NEEDED', 'RATE_LIMITED'],
    handle: ({ ctx, actor, input }) => openConversation(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '26b',
    method: 'post',
    path: '/conversation/end/{id}',
    summary: '结束会话',
    auth: ['VISITOR', 'COUNSELOR', 'SUPERVISOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'any',
    input: z.object({ id }),
    answer: Ok,
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    async handle({ ctx, actor, input }) {
      await endConversation(ctx, actor, input.id);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '28',
    method: 'get',
    path: '/conversation/consultlist',
    summary: '咨询记录',
    auth: EVERY_STAFF,
    from: 'any',
    input: ListConsults,
    list: true,
    answer: ListedConversation,
    errors: ['FORBIDDEN'],
    handle: ({ ctx, actor, input }) => listConsults(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '29',
    method: 'get',
    path: '/conversation/current',
    summary: '获取小程序当前用户的会话',
    auth: ['VISITOR'],
    from: 'query',
    input: ListOwnConversations,
    list: true,
    answer: Conversation,
    handle: ({ ctx, actor, input }) => listOwnConversations(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '36',
    method: 'delete',
    path: '/conversation/{id}',
    summary: '删除会话',
    auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'any',
    input: z.object({ id }),
    answer: Ok,
    errors: ['NOT_FOUND', 'FORBIDDEN', 'RULE_REFUSED'],
    async handle({ ctx, actor, input }) {
      await deleteConversation(ctx, actor, input.id);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '38c',
    method: 'get',
    path: '/message/conversation/web',
    summary: '根据会话提取web转化后的消息',
    auth: 'signed-in',
    from: 'query',
    input: z.object({ conversationId: id, page, size: size(50), reason: readingReason }),
    list: true,
    answer: Message,
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    handle: ({ ctx, actor, input }) => listTranscript(ctx, actor, input),
  }),
];
