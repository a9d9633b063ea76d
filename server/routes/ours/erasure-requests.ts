/** A visitor's request to be erased, and what admins do with it (ours). */
import { z } from 'zod';
import {
  ErasureRequest,
  ListErasureRequests,
  OwnErasureRequest,
  SettleErasure,
} from '../../../contract/erasure-request.js';
import { askErasure, ownErasure, withdrawErasure } from '../../../services/retention/ask.js';
import { listErasureRequests, settleErasure } from '../../../services/retention/settle.js';
import { route, type Route } from '../../route.js';

const visitors = { dialect: 'ours', section: 'retention', auth: ['VISITOR'] } as const;
const admins = {
  dialect: 'ours',
  section: 'retention',
  auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
} as const;

export const erasureRequestRoutes: Route[] = [
  route({
    ...visitors,
    method: 'post',
    path: '/api/v1/me/erasure-request',
    summary: '申请删除自己的全部数据',
    from: 'json',
    input: z.strictObject({}),
    answer: OwnErasureRequest,
    handle: ({ ctx, actor }) => askErasure(ctx, actor),
  }),
  route({
    ...visitors,
    method: 'get',
    path: '/api/v1/me/erasure-request',
    summary: '自己的删除申请处理到哪一步',
    from: 'query',
    input: z.strictObject({}),
    answer: OwnErasureRequest,
    handle: ({ ctx, actor }) => ownErasure(ctx, actor),
  }),
  route({
    ...visitors,
    method: 'delete',
    path: '/api/v1/me/erasure-request',
    summary: '在处理之前撤回删除申请',
    from: 'query',
    input: z.strictObject({}),
    answer: OwnErasureRequest,
    errors: ['RULE_REFUSED'],
    handle: ({ ctx, actor }) => withdrawErasure(ctx, actor),
  }),
  route({
    ...admins,
    method: 'get',
    path: '/api/v1/erasure-requests',
    summary: '来访者的删除申请，先提出的在前',
    from: 'query',
    input: ListErasureRequests,
    answer: ErasureRequest,
    list: true,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listErasureRequests(ctx, actor, input),
  }),
  route({
    ...admins,
    method: 'post',
    path: '/api/v1/erasure-requests/{id}/settle',
    summary: '同意并销毁，或拒绝并说明原因',
    from: 'json',
    input: SettleErasure,
    answer: ErasureRequest,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => settleErasure(ctx, actor, input),
  }),
];
