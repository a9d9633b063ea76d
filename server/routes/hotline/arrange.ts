import { Ok } from '../../../contract/answer.js';
import { z } from 'zod';
import { Arrange, CreateArrange, DutyRow, ListTheDay, WeeklyArrange } from '../../../contract/arrange.js';
import { id } from '../../../contract/common.js';
import type { Role } from '../../../contract/enums.js';
import { arrangeDay } from '../../../services/roster/arrange-day.js';
import { arrangeWeekly } from '../../../services/roster/arrange-weekly.js';
import { removeArrange } from '../../../services/roster/remove.js';
import { listTheDay } from '../../../services/roster/the-day.js';
import { route, type Route } from '../../route.js';

const ARRANGERS: readonly Role[] = ['SYSTEM_ADMINISTRATOR', 'INSTITUTION_ADMINISTRATOR', 'SUPERVISOR'];

export const arrangeRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '22',
    method: 'put',
    path: '/arrange',
    summary: 'Puts people on duty on a day',
    auth: ARRANGERS,
    from: 'json',
    input: CreateArrange,
    answer: z.array(Arrange),
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    handle: ({ ctx, actor, input }) => arrangeDay(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '23',
    method: 'post',
    path: '/arrange/batch',
    summary: 'Replaces a person’s weekly duty days',
    auth: ARRANGERS,
    from: 'json',
    input: WeeklyArrange,
    answer: z.array(Arrange),
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    handle: ({ ctx, actor, input }) => arrangeWeekly(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '24',
    method: 'get',
    path: '/arrange/theday',
    summary: 'Who is on duty on a day',
    auth: 'signed-in',
    from: 'query',
    input: ListTheDay,
    list: true,
    answer: DutyRow,
    handle: ({ ctx, actor, input }) => listTheDay(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '25',
    method: 'delete',
    path: '/arrange/:id',
    summary: 'Takes somebody off one day',
    auth: ARRANGERS,
    from: 'query',
    input: z.object({ id }),
    answer: Ok,
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    handle: async ({ ctx, actor, input }) => {
      await removeArrange(ctx, actor, input.id);
      return 'ok';
    },
  }),
];
