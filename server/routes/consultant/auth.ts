/** Second document, 登录/注册. */
import {
  ConsultantLoggedIn,
  ConsultantLogIn,
  ConsultantRegister,
  ProveAccount,
  ResetPassword,
  SendEmailCode,
  SendPhoneCode,
} from '../../../contract/consultant/auth.js';
import { consultantLogIn } from '../../../services/account/consultant-log-in.js';
import { accountOf } from '../../../services/account/contact.js';
import { deactivate } from '../../../services/account/deactivate.js';
import { registerConsultant } from '../../../services/account/register.js';
import { resetPassword } from '../../../services/account/reset-password.js';
import { sendCode } from '../../../services/code/code.js';
import { openRoute, route, type Route } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json' } as const;

export const consultantAuthRoutes: Route[] = [
  openRoute({
    ...base,
    section: 'login',
    path: '/api/consultant/auth/login',
    summary: '登录',
    input: ConsultantLogIn,
    answer: ConsultantLoggedIn,
    errors: ['BAD_CREDENTIALS', 'RATE_LIMITED', 'CONFLICT'],
    handle: ({ ctx, input, caller }) => consultantLogIn(ctx, input, caller.address, caller.userAgent),
  }),
  openRoute({
    ...base,
    section: 'register',
    path: '/api/consultant/auth/register',
    summary: '注册',
    input: ConsultantRegister,
    answer: null,
    errors: ['CONFLICT'],
    handle: ({ ctx, input }) => registerConsultant(ctx, input),
  }),
  openRoute({
    ...base,
    section: 'email',
    path: '/api/consultant/auth/email',
    summary: '给用户发送邮箱验证码',
    input: SendEmailCode,
    answer: null,
    errors: ['THIRD_PARTY', 'RATE_LIMITED'],
    handle: ({ ctx, input, caller }) =>
      sendCode(ctx, accountOf(ctx, 'email', input.email), input.purpose ?? null, caller.address),
  }),
  openRoute({
    ...base,
    section: 'phone',
    path: '/api/consult/auth/phone',
    also: ['/api/consultant/auth/phone'],
    summary: '给用户发送短信验证码',
    input: SendPhoneCode,
    answer: null,
    errors: ['THIRD_PARTY', 'RATE_LIMITED'],
    handle: ({ ctx, input, caller }) =>
      sendCode(ctx, accountOf(ctx, 'phone', input.phone), input.purpose ?? null, caller.address),
  }),
  openRoute({
    ...base,
    section: 'reset-password',
    path: '/api/consultant/auth/reset-password',
    summary: '重置用户密码',
    input: ResetPassword,
    answer: null,
    handle: ({ ctx, input }) => resetPassword(ctx, input),
  }),
  route({
    ...base,
    section: 'deactivate',
    path: '/api/consultant/auth/deactivate',
    summary: '注销账号接口',
    auth: ['COUNSELOR'],
    userID: 'optional',
    input: ProveAccount,
    answer: null,
    errors: ['CONFLICT'],
    handle: ({ ctx, actor, input }) => deactivate(ctx, actor, input),
  }),
];
