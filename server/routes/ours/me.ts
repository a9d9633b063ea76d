/** One's own: a counselor's presence and seats (contract-notes.md section 4, "24 state"), a visitor's notice. */
import { z } from 'zod';
import { Duty, Notice, SetNotice, SetPresence } from '../../../contract/user.js';
import { readDuty, setPresence } from '../../../services/presence/duty.js';
import { readNotice, setNotice } from '../../../services/wechat/notice-wish.js';
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
  route({
    dialect: 'ours',
    section: '7',
    method: 'get',
    path: '/api/v1/me/notice',
    summary: '接通时的微信订阅消息：模板，以及是否会发送',
    auth: ['VISITOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: Notice,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor }) => readNotice(ctx, actor),
  }),
  route({
    dialect: 'ours',
    section: '7',
    method: 'put',
    path: '/api/v1/me/notice',
    summary: '来访者在微信里同意或拒绝接通提醒',
    auth: ['VISITOR'],
    from: 'json',
    input: SetNotice,
    answer: Notice,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => setNotice(ctx, actor, input.wanted),
  }),
];
