/** Booking hours and duty days on one page (contract-notes.md: they stay two things). */
import { CalendarRow, ReadCalendar } from '../../../contract/consultant/calendar.js';
import { readCalendar } from '../../../services/schedule/calendar.js';
import { route, type Route } from '../../route.js';

export const calendarRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '4',
    method: 'get',
    path: '/api/v1/calendar',
    summary: '预约时间、值班与停诊日历，含冲突提醒',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: ReadCalendar,
    answer: CalendarRow.array(),
    handle: ({ ctx, actor, input }) => readCalendar(ctx, actor, input),
  }),
];
