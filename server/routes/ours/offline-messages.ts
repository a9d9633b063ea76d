/** Messages that visitors leave while nobody is there, and what staff does with them (ours). */
import { z } from 'zod';
import {
  FinishOfflineMessage,
  LeaveMessage,
  ListOfflineMessages,
  OfflineMessage,
  OneOfflineMessage,
  OwnOfflineMessage,
  WholeOfflineMessage,
} from '../../../contract/offline-message.js';
import { leaveMessage, ownMessages } from '../../../services/offline-message/leave.js';
import {
  finishOfflineMessage,
  listOfflineMessages,
  readOfflineMessage,
  releaseOfflineMessage,
  takeOfflineMessage,
} from '../../../services/offline-message/manage.js';
import { route, type Route } from '../../route.js';

const visitors = { dialect: 'ours', section: '26a', auth: ['VISITOR'] } as const;
const staff = {
  dialect: 'ours',
  section: '26a',
  auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR'],
} as const;

export const offlineMessageRoutes: Route[] = [
  route({
    ...visitors,
    method: 'post',
    path: '/api/v1/me/offline-messages',
    summary: '没有咨询师在线时留言，每人每天三条',
    from: 'json',
    input: LeaveMessage,
    answer: OwnOfflineMessage,
    errors: ['CONSENT_NEEDED', 'RATE_LIMITED', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => leaveMessage(ctx, actor, input),
  }),
  route({
    ...visitors,
    method: 'get',
    path: '/api/v1/me/offline-messages',
    summary: '自己的留言是否有人在处理',
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(OwnOfflineMessage),
    handle: ({ ctx, actor }) => ownMessages(ctx, actor),
  }),
  route({
    ...staff,
    method: 'get',
    path: '/api/v1/offline-messages',
    summary: '本机构的留言，不含内容',
    from: 'query',
    input: ListOfflineMessages,
    answer: OfflineMessage,
    list: true,
    handle: ({ ctx, actor, input }) => listOfflineMessages(ctx, actor, input),
  }),
  route({
    ...staff,
    method: 'get',
    path: '/api/v1/offline-messages/{id}',
    summary: '读一条留言；每次阅读都会记录',
    from: 'query',
    input: OneOfflineMessage,
    answer: WholeOfflineMessage,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readOfflineMessage(ctx, actor, input.id),
  }),
  route({
    ...staff,
    method: 'post',
    path: '/api/v1/offline-messages/{id}/take',
    summary: '领取一条留言',
    from: 'json',
    input: OneOfflineMessage,
    answer: OfflineMessage,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => takeOfflineMessage(ctx, actor, input.id),
  }),
  route({
    ...staff,
    method: 'post',
    path: '/api/v1/offline-messages/{id}/release',
    summary: '交回一条留言，由其他人领取',
    from: 'json',
    input: OneOfflineMessage,
    answer: OfflineMessage,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => releaseOfflineMessage(ctx, actor, input.id),
  }),
  route({
    ...staff,
    method: 'post',
    path: '/api/v1/offline-messages/{id}/finish',
    summary: '留言已处理，并写下备注',
    from: 'json',
    input: FinishOfflineMessage,
    answer: OfflineMessage,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => finishOfflineMessage(ctx, actor, input),
  }),
];
