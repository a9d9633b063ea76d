/** Document sections 10a and 10b: the lists of supervisors and counselors. */
import { z } from 'zod';
import { ListStaff, PublicStaffRow, StaffRow } from '../../../contract/user.js';
import { listStaff } from '../../../services/account/staff-list.js';
import { route, type Route } from '../../route.js';

export const staffRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '10a',
    method: 'get',
    path: '/user/ms/supervisor/list',
    summary: '获取督导列表',
    auth: 'signed-in',
    from: 'query',
    input: ListStaff,
    list: true,
    answer: z.union([StaffRow, PublicStaffRow]),
    errors: ['FORBIDDEN'],
    handle: ({ ctx, actor, input }) => listStaff(ctx, actor, 'SUPERVISOR', input),
  }),
  route({
    dialect: 'hotline',
    section: '10b',
    method: 'get',
    path: '/user/ms/counselor/list',
    summary: '获取咨询师列表',
    auth: 'signed-in',
    from: 'query',
    input: ListStaff,
    list: true,
    answer: z.union([StaffRow, PublicStaffRow]),
    errors: ['FORBIDDEN'],
    handle: ({ ctx, actor, input }) => listStaff(ctx, actor, 'COUNSELOR', input),
  }),
];
