/** Document sections 1–4: signing in and out, and who is signed in. */
import { Ok } from '../../../contract/answer.js';
import { z } from 'zod';
import { LogIn, Me, WxLogIn } from '../../../contract/user.js';
import { logIn } from '../../../services/account/log-in.js';
import { logOut } from '../../../services/account/log-out.js';
import { readMe } from '../../../services/account/me.js';
import { wechatLogIn } from '../../../services/account/wechat-log-in.js';
import { DocumentedForbidden, openRoute, route, type Route } from '../../route.js';

const Nothing = z.object({});

export const authRoutes: Route[] = [
  openRoute({
    dialect: 'hotline',
    section: '1',
    method: 'post',
    path: '/auth/login',
    summary: '后台用户登录',
    from: 'json',
    input: LogIn,
    answer: Ok,
    errors: ['BAD_CREDENTIALS', 'RATE_LIMITED'],
    async handle({ ctx, input, caller, reply }) {
      const { token, expiresAt } = await logIn(ctx, input, caller.address, caller.userAgent);
      reply.signIn(token, expiresAt);
      return 'ok';
    },
  }),
  openRoute({
    dialect: 'hotline',
    section: '2',
    method: 'post',
    path: '/logout',
    summary: '后台用户注销',
    from: 'json',
    input: Nothing,
    answer: null,
    // Its documented answer is the 403 body.
    errors: ['UNAUTHENTICATED'],
    async handle({ ctx, caller, reply }) {
      await logOut(ctx, caller.token);
      reply.signOut();
      throw new DocumentedForbidden('/login');
    },
  }),
  openRoute({
    dialect: 'hotline',
    section: '3',
    method: 'post',
    path: '/auth/wx/{appid}/login',
    summary: '微信小程序用户登录',
    from: 'any',
    input: WxLogIn,
    answer: Ok,
    errors: ['BAD_CREDENTIALS', 'THIRD_PARTY', 'RATE_LIMITED'],
    async handle({ ctx, input, reply }) {
      const { token, expiresAt } = await wechatLogIn(ctx, input);
      reply.signIn(token, expiresAt);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '4',
    method: 'get',
    path: '/auth/me',
    summary: '获取当前登录用户信息',
    auth: 'signed-in',
    from: 'query',
    input: Nothing,
    answer: Me,
    handle: ({ ctx, actor }) => readMe(ctx, actor),
  }),
];
