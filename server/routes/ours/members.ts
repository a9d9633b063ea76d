/** Joining an institution, and a new phone or e-mail to sign in by (contract-notes.md section 4). */
import { z } from 'zod';
import { lenientNumber } from '../../../contract/common.js';
import { BindAccount } from '../../../contract/consultant/auth.js';
import { addMember } from '../../../services/account/member.js';
import { proveAccount } from '../../../services/account/prove-account.js';
import { route, type Route } from '../../route.js';

export const memberRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '4',
    method: 'post',
    path: '/api/v1/institutions/{code}/members',
    summary: '接纳咨询师加入机构',
    auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'json',
    input: z.strictObject({
      code: z.string().min(1).max(64).describe('institutionCode'),
      userID: lenientNumber.pipe(z.number().int()).describe('Number of the consultant'),
    }),
    answer: null,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => addMember(ctx, actor, input.code, input.userID),
  }),
  route({
    dialect: 'ours',
    section: '4',
    method: 'put',
    path: '/api/v1/me/account',
    summary: '绑定登录手机号或邮箱',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'json',
    input: BindAccount,
    answer: null,
    errors: ['CONFLICT'],
    handle: ({ ctx, actor, input }) => proveAccount(ctx, actor, input),
  }),
];
