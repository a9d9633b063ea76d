/** Retention, legal hold and erasure, for an institution's admins and system admins. */
import { z } from 'zod';
import { Ok } from '../../../contract/answer.js';
import { id } from '../../../contract/common.js';
import {
  CreateHold,
  Erasure,
  ErasureAnswer,
  LegalHold,
  ListErasures,
  ListHolds,
  OneHold,
  ReadRetention,
  RequestErasure,
  RetentionRules,
  SetRetention,
} from '../../../contract/retention.js';
import { createHold, liftHold, listHolds } from '../../../services/retention/hold.js';
import { listErasures, requestErasure, undoDeletion } from '../../../services/retention/request.js';
import { readRules, setRules } from '../../../services/retention/rules.js';
import { route } from '../../route.js';

const ADMINS = ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ours = { dialect: 'ours', section: 'retention', auth: ADMINS } as const;

export const retentionRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/retention',
    summary: '各类记录的保存期限',
    from: 'query',
    input: ReadRetention,
    answer: RetentionRules,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readRules(ctx, actor, input.institution),
  }),
  route({
    ...ours,
    method: 'put',
    path: '/api/v1/retention',
    summary: '修改保存期限',
    from: 'json',
    input: SetRetention,
    answer: RetentionRules,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input: { institution, ...patch } }) =>
      setRules(ctx, actor, patch as never, institution),
  }),
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/erasures',
    summary: '删除与销毁的凭据',
    from: 'query',
    input: ListErasures,
    list: true,
    answer: Erasure,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listErasures(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/erasures',
    summary: '执行本人的删除请求：销毁一次会谈，或一名访客的全部内容',
    from: 'json',
    input: RequestErasure,
    answer: ErasureAnswer,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => requestErasure(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/erasures/{id}/undo',
    summary: '在销毁之前撤销删除',
    from: 'json',
    input: z.strictObject({ id }),
    answer: Ok,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    async handle({ ctx, actor, input }) {
      await undoDeletion(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/legal-holds',
    summary: '生效中的法律保全',
    from: 'query',
    input: ListHolds,
    answer: z.array(LegalHold),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listHolds(ctx, actor, input.institution),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/legal-holds',
    summary: '对一次会谈或一名访客设置法律保全',
    from: 'json',
    input: CreateHold,
    answer: LegalHold,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => createHold(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'delete',
    path: '/api/v1/legal-holds/{id}',
    summary: '解除法律保全',
    from: 'query',
    input: OneHold,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await liftHold(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
];
