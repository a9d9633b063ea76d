/** Document sections 5 to 9 and 11 to 20: people, added, listed, edited, removed, banned. */
import { StaffRow, VisitorRow } from '../../../contract/user.js';
import { Ok } from '../../../contract/answer.js';
import {
  BanUser,
  ChangePassword,
  CreateStaff,
  CreateUser,
  DeleteStaff,
  EditCounselor,
  EditCounselorByName,
  EditSupervisorByName,
  ListUsers,
  UpdateVisitor,
} from '../../../contract/account.js';
import { z } from 'zod';
import { id } from '../../../contract/common.js';
import { changePassword } from '../../../services/account/change-password.js';
import { deleteStaff } from '../../../services/account/delete-staff.js';
import { disableUser, enableUser } from '../../../services/account/disable.js';
import { editCounselor, editStaffByName } from '../../../services/account/edit-staff.js';
import { createStaff, createUser } from '../../../services/account/create-user.js';
import { updateVisitor } from '../../../services/account/update-visitor.js';
import { listUsers } from '../../../services/account/user-list.js';
import { route, type Route } from '../../route.js';

const ADMINS = ['SYSTEM_ADMINISTRATOR', 'INSTITUTION_ADMINISTRATOR'] as const;
const ADMINS_AND_SUPERVISORS = [...ADMINS, 'SUPERVISOR'] as const;
const EVERY_STAFF = [...ADMINS_AND_SUPERVISORS, 'COUNSELOR'] as const;

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
    answer: Ok,
    errors: ['CONFLICT', 'FORBIDDEN', 'NOT_FOUND'],
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
    answer: z.union([StaffRow, VisitorRow]),
    errors: ['FORBIDDEN'],
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
    answer: Ok,
    errors: ['CONFLICT', 'FORBIDDEN'],
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
    answer: Ok,
    errors: ['CONFLICT', 'FORBIDDEN'],
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
    answer: Ok,
    async handle({ ctx, actor, input }) {
      await updateVisitor(ctx, actor, input);
      return 'ok';
    },
  }),
  ...(['supervisor', 'counselor'] as const).flatMap((kind) => {
    const role = kind === 'supervisor' ? 'SUPERVISOR' : 'COUNSELOR';
    const label = kind === 'supervisor' ? '督导' : '咨询师';
    return [
      route({
        dialect: 'hotline',
        section: kind === 'supervisor' ? '11' : '12',
        method: 'post',
        path: `/user/ms/${kind}`,
        summary: `修改${label}`,
        auth: [...ADMINS, role],
        from: 'any',
        input: kind === 'supervisor' ? EditSupervisorByName : EditCounselorByName,
        answer: Ok,
        errors: ['CONFLICT', 'FORBIDDEN', 'NOT_FOUND', 'RULE_REFUSED'],
        async handle({ ctx, actor, input, caller }) {
          await editStaffByName(ctx, actor, role, input, caller.address);
          return 'ok';
        },
      }),
      route({
        dialect: 'hotline',
        section: kind === 'supervisor' ? '13' : '14',
        method: 'delete',
        path: `/user/ms/${kind}/{username}`,
        summary: `删除${label}`,
        auth: ADMINS,
        from: 'query',
        input: DeleteStaff,
        answer: Ok,
        errors: ['CONFLICT', 'FORBIDDEN', 'NOT_FOUND', 'RULE_REFUSED'],
        async handle({ ctx, actor, input }) {
          await deleteStaff(ctx, actor, role, input);
          return 'ok';
        },
      }),
    ];
  }),
  route({
    dialect: 'hotline',
    section: '15',
    method: 'post',
    path: '/user/ban/{userId}',
    summary: '禁用访客',
    auth: ADMINS_AND_SUPERVISORS,
    from: 'json',
    input: BanUser,
    answer: Ok,
    errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
    async handle({ ctx, actor, input }) {
      const { userId, reason = '未说明', until } = input;
      await disableUser(ctx, actor, userId, reason, until);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '17',
    method: 'post',
    path: '/user/password',
    summary: '修改密码',
    auth: EVERY_STAFF,
    from: 'json',
    input: ChangePassword,
    answer: Ok,
    errors: ['BAD_INPUT', 'RATE_LIMITED'],
    async handle({ ctx, actor, input, caller }) {
      await changePassword(ctx, actor, input, caller.address);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '19',
    method: 'post',
    path: '/user/ms/counselor/{userId}',
    summary: '修改咨询师（按ID）',
    auth: ADMINS_AND_SUPERVISORS,
    from: 'json',
    input: EditCounselor,
    answer: Ok,
    errors: ['CONFLICT', 'FORBIDDEN', 'NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await editCounselor(ctx, actor, input);
      return 'ok';
    },
  }),
  route({
    dialect: 'hotline',
    section: '20',
    method: 'post',
    path: '/user/active/{id}',
    summary: '启用访客',
    auth: ADMINS_AND_SUPERVISORS,
    from: 'any',
    input: z.object({ id }),
    answer: Ok,
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await enableUser(ctx, actor, input.id);
      return 'ok';
    },
  }),
];
