/** A counselor's own presence and seats (contract-notes.md section 4, "24 state"). */
import { z } from 'zod';
import { Duty, SetPresence } from '../../../contract/user.js';
import { readDuty, setPresence } from '../../../services/presence/duty.js';
import { route } from '../../route.js';

export const meRoutes = [
  route({
    dialect: 'ours',
    section: '24',
    method: 'get',
    path: '/api/v1/me/duty',
    summary: '自己的接待状态与空位',
    auth: ['COUNSELOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: Duty,
    handle: ({ ctx, actor }) => readDuty(ctx, actor),
  }),
  route({
    dialect: 'ours',
    section: '24',
    method: 'put',
    path: '/api/v1/me/presence',
    summary: '设置自己的接待状态',
    auth: ['COUNSELOR'],
    from: 'json',
    input: SetPresence,
    answer: Duty,
    handle: ({ ctx, actor, input }) => setPresence(ctx, actor, input.state, false),
  }),
];
