/** Labels of sessions, for staff. */
import { z } from 'zod';
import { id } from '../../../contract/common.js';
import { ListTags, SetTag } from '../../../contract/conversation.js';
import { STAFF_ROLES } from '../../../contract/enums.js';
import { listTags, setTag, tagsOf } from '../../../services/conversation/tags.js';
import { route } from '../../route.js';

const ours = { dialect: 'ours', section: '28', auth: STAFF_ROLES } as const;

export const tagRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/tags',
    summary: '本机构可用的会谈标签；系统管理员可查询全部机构的',
    from: 'query',
    input: ListTags,
    answer: z.array(z.string()),
    handle: ({ ctx, actor, input }) => listTags(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/conversations/{id}/tags',
    summary: '一个会话的标签，来访者看不到',
    from: 'query',
    input: z.strictObject({ id }),
    answer: z.array(z.string()),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => tagsOf(ctx, actor, input.id),
  }),
  route({
    ...ours,
    method: 'put',
    path: '/api/v1/conversations/{id}/tags',
    summary: '给会话加上或去掉一个标签',
    from: 'json',
    input: SetTag,
    answer: z.array(z.string()),
    errors: ['NOT_FOUND', 'QUOTA'],
    handle: ({ ctx, actor, input }) => setTag(ctx, actor, input),
  }),
];
