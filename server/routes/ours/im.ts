/**
 * What Tencent's callbacks left over, and what the comparisons with Tencent found, for a system administrator
 * (contract-notes.md section 4, "38b").
 */
import {
  DeadLetter,
  ImComparison,
  ListDeadLetters,
  ListImReports,
  OneDeadLetter,
  StartImReport,
} from '../../../contract/im.js';
import { listDeadLetters, readDeadLetter, retryDeadLetter } from '../../../services/im/dead-letters.js';
import { listImReports, startImReport } from '../../../services/im/reports.js';
import { route, type Route } from '../../route.js';

const ADMIN = ['SYSTEM_ADMINISTRATOR'] as const;

export const imOperationRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '38b',
    method: 'get',
    path: '/api/v1/im/dead-letters',
    summary: '未能归入会话的腾讯云IM回调',
    auth: ADMIN,
    from: 'query',
    input: ListDeadLetters,
    list: true,
    answer: DeadLetter,
    handle: ({ ctx, actor, input }) => listDeadLetters(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '38b',
    method: 'get',
    path: '/api/v1/im/dead-letters/{id}',
    summary: '一条回调的原文（查看会被审计）',
    auth: ADMIN,
    from: 'query',
    input: OneDeadLetter,
    answer: DeadLetter,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readDeadLetter(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '38b',
    method: 'post',
    path: '/api/v1/im/dead-letters/{id}/retry',
    summary: '重新处理一条回调',
    auth: ADMIN,
    from: 'json',
    input: OneDeadLetter,
    answer: DeadLetter,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => retryDeadLetter(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '38b',
    method: 'get',
    path: '/api/v1/im/reports',
    summary: '与腾讯云IM的核对结果（每晚一份，最近的在前）',
    auth: ADMIN,
    from: 'query',
    input: ListImReports,
    list: true,
    answer: ImComparison,
    handle: ({ ctx, actor, input }) => listImReports(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '38b',
    method: 'post',
    path: '/api/v1/im/reports',
    summary: '现在与腾讯云IM核对一次',
    auth: ADMIN,
    from: 'json',
    input: StartImReport,
    answer: ImComparison,
    errors: ['CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => startImReport(ctx, actor, input),
  }),
];
