/** Document sections 5 to 9, 16 and 18: the list of everybody, adding staff, a visitor’s own data. */
import { CreateStaff, CreateUser, ListUsers, UpdateVisitor } from '../../../contract/account.js';
import { createStaff, createUser } from '../../../services/account/create-user.js';
import { updateVisitor } from '../../../services/account/update-visitor.js';
import { listUsers } from '../../../services/account/user-list.js';
import { route, type Route } from '../../route.js';

const ADMINS = ['SYSTEM_ADMINISTRATOR', 'INSTITUTION_ADMINISTRATOR'] as const;
const ADMINS_AND_SUPERVISORS = [...ADMINS, 'SUPERVISOR'] as const;

export const userRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '5',
    method: 'put',
    path: '/user/ms',
    summary: '添加后台用户',
    auth: ADMINS,
    from: 'json',
    input: CreateUser,
    async handle({ ctx, actor, input }) {
      await createUser(ctx, actor, input);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '6, 16',
    method: 'get',
    path: '/user/list',
    summary: '获取用户列表；访客列表（type=VISITOR）',
    auth: ADMINS_AND_SUPERVISORS,
    from: 'query',
    input: ListUsers,
    list: true,
    handle: ({ ctx, actor, input }) => listUsers(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '8',
    method: 'put',
    path: '/user/ms/supervisor',
    summary: '添加督导用户',
    auth: ADMINS,
    from: 'json',
    input: CreateStaff,
    async handle({ ctx, actor, input }) {
      await createStaff(ctx, actor, 'SUPERVISOR', input);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '9',
    method: 'put',
    path: '/user/ms/counselor',
    summary: '添加咨询师用户',
    auth: ADMINS_AND_SUPERVISORS,
    from: 'json',
    input: CreateStaff,
    async handle({ ctx, actor, input }) {
      await createStaff(ctx, actor, 'COUNSELOR', input);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '18',
    method: 'post',
    path: '/user/update',
    summary: '更新访客信息',
    auth: ['VISITOR'],
    from: 'json',
    input: UpdateVisitor,
    async handle({ ctx, actor, input }) {
      await updateVisitor(ctx, actor, input);
      return 'ok';
    },
  }),
];
