/** Care for counselors (ours). */
import {
  HoldSupervision,
  ListLoad,
  ListSupervisionEntries,
  Load,
  OneSupervisionEntry,
  RewriteSupervision,
  SupervisionEntry,
  WholeSupervisionEntry,
} from '../../../contract/care.js';
import { listLoad } from '../../../services/care/load.js';
import {
  holdSupervision,
  listSupervision,
  readSupervision,
  rewriteSupervision,
} from '../../../services/care/supervision-log.js';
import { route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ask = { dialect: 'ours', section: 'care', method: 'get', from: 'query', auth: STAFF } as const;

export const careRoutes = [
  route({
    ...ask,
    path: '/api/v1/load',
    summary: '咨询师的工作负荷：会谈、高风险、在线时长、缺少的记录',
    input: ListLoad,
    list: true,
    answer: Load,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listLoad(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/supervision-entries',
    summary: '督导记录列表（不含内容）',
    input: ListSupervisionEntries,
    list: true,
    answer: SupervisionEntry,
    handle: ({ ctx, actor, input }) => listSupervision(ctx, actor, input),
  }),
  route({
    ...ask,
    auth: ['COUNSELOR', 'SUPERVISOR'],
    path: '/api/v1/supervision-entries/{id}',
    summary: '一条督导记录',
    input: OneSupervisionEntry,
    answer: WholeSupervisionEntry,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readSupervision(ctx, actor, input.id),
  }),
  route({
    ...ask,
    method: 'post',
    from: 'json',
    auth: ['SUPERVISOR'],
    path: '/api/v1/supervision-entries',
    summary: '督导记录一次个督或团督',
    input: HoldSupervision,
    answer: WholeSupervisionEntry,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => holdSupervision(ctx, actor, input),
  }),
  route({
    ...ask,
    method: 'put',
    from: 'json',
    auth: ['SUPERVISOR'],
    path: '/api/v1/supervision-entries/{id}',
    summary: '修改自己写的督导记录',
    input: RewriteSupervision,
    answer: WholeSupervisionEntry,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => rewriteSupervision(ctx, actor, input),
  }),
];
