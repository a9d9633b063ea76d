/** How the platform is, for administrators. */
import { z } from 'zod';
import { Health } from '../../../contract/health.js';
import { readHealth } from '../../../services/health/read.js';
import { route } from '../../route.js';

export const healthRoutes = [
  route({
    dialect: 'ours',
    section: 'operations',
    method: 'get',
    path: '/api/v1/health',
    summary: '系统状况；机构管理员只看到与本机构有关的',
    auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: Health,
    handle: ({ ctx, actor }) => readHealth(ctx, actor),
  }),
];
