/** Statistics by hour and day. */
import { z } from 'zod';
import { CompareInstitutions, Comparison, ReadReport, Report } from '../../../contract/report.js';
import { compareInstitutions, readReport } from '../../../services/statistics/report.js';
import { route } from '../../route.js';

export const reportRoutes = [
  route({
    dialect: 'ours',
    section: 'statistics',
    method: 'get',
    path: '/api/v1/statistics',
    summary: '按小时或按天的统计：到达、等待、放弃、首次响应、处理时长、占用率、评价、结束原因',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: ReadReport,
    answer: Report,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readReport(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'statistics',
    method: 'get',
    path: '/api/v1/statistics/institutions',
    summary: '各机构并列；少于5的数字隐藏',
    auth: ['SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: CompareInstitutions,
    answer: z.array(Comparison),
    handle: ({ ctx, actor, input }) => compareInstitutions(ctx, actor, input),
  }),
];
