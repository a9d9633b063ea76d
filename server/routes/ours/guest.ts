/** A visitor without an account, and how they come back (contract-notes.md section 4, "16, 26a"). */
import { z } from 'zod';
import { ReadHours, ReturnByCode, ReturnCode, ServiceHours } from '../../../contract/matchmaking.js';
import { GuestLoggedIn, GuestLogIn } from '../../../contract/user.js';
import { issueReturnCode, returnByCode } from '../../../services/account/return-code.js';
import { guestLogIn } from '../../../services/account/guest.js';
import { presentMe } from '../../../services/account/me.js';
import { readHours } from '../../../services/roster/hours.js';
import { openRoute, route, type Route } from '../../route.js';

export const guestRoutes: Route[] = [
  openRoute({
    dialect: 'ours',
    section: '39',
    method: 'get',
    path: '/api/v1/hours',
    summary: '现在是否接待来访者，何时再开放，紧急求助电话',
    from: 'query',
    input: ReadHours,
    answer: ServiceHours,
    handle: ({ ctx, input }) => readHours(ctx, input.institution),
  }),
  openRoute({
    dialect: 'ours',
    section: '4',
    method: 'post',
    path: '/api/v1/guest',
    summary: '访客身份（与设备绑定）',
    from: 'json',
    input: GuestLogIn,
    answer: GuestLoggedIn,
    errors: ['BANNED', 'CONFLICT', 'NOT_FOUND', 'RATE_LIMITED'],
    async handle({ ctx, input, caller, reply }) {
      const { token, expiresAt, user } = await guestLogIn(ctx, input, caller.address);
      reply.signIn(token, expiresAt);
      return { token, me: presentMe(user) };
    },
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'post',
    path: '/api/v1/me/return-code',
    summary: '领取新的回访码：换设备或清除浏览记录后仍能回到原来的会话',
    auth: ['VISITOR'],
    from: 'json',
    input: z.strictObject({}),
    answer: ReturnCode,
    errors: ['RULE_REFUSED'],
    handle: ({ ctx, actor }) => issueReturnCode(ctx, actor),
  }),
  openRoute({
    dialect: 'ours',
    section: '26a',
    method: 'post',
    path: '/api/v1/guest/return',
    summary: '凭回访码回到原来的会话',
    from: 'json',
    input: ReturnByCode,
    answer: GuestLoggedIn,
    errors: ['BAD_CREDENTIALS', 'BANNED', 'CONFLICT', 'RATE_LIMITED'],
    async handle({ ctx, input, caller, reply }) {
      const { token, expiresAt, user } = await returnByCode(ctx, input, caller.address);
      reply.signIn(token, expiresAt);
      return { token, me: presentMe(user) };
    },
  }),
];
