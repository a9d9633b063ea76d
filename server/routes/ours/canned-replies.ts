/** Canned replies of staff (ours). */
import { z } from 'zod';
import { Ok } from '../../../contract/answer.js';
import {
  CannedReply,
  ChangeCannedReply,
  CreateCannedReply,
  OneCannedReply,
} from '../../../contract/canned-reply.js';
import { changeReply, createReply, deleteReply, listReplies } from '../../../services/canned-reply/manage.js';
import { route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ours = { dialect: 'ours', section: 'canned replies', auth: STAFF } as const;

export const cannedReplyRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/canned-replies',
    summary: '自己的常用语和本机构的常用语',
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(CannedReply),
    handle: ({ ctx, actor }) => listReplies(ctx, actor),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/canned-replies',
    summary: '添加一条常用语；机构共用的由督导或管理员添加',
    from: 'json',
    input: CreateCannedReply,
    answer: CannedReply,
    errors: ['QUOTA'],
    handle: ({ ctx, actor, input }) => createReply(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'put',
    path: '/api/v1/canned-replies/{id}',
    summary: '修改一条常用语',
    from: 'json',
    input: ChangeCannedReply,
    answer: CannedReply,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => changeReply(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'delete',
    path: '/api/v1/canned-replies/{id}',
    summary: '删除一条常用语',
    from: 'query',
    input: OneCannedReply,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await deleteReply(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
];
