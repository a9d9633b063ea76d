/** Document sections 30 to 33: figures of the consoles' first page. */
import { z } from 'zod';
import type { Actor, Ctx } from '../../../services/context.js';
import { rankByNumber, rankByRating } from '../../../services/statistics/rankings.js';
import { compareToday, countSevenDays } from '../../../services/statistics/sessions.js';
import { route, type Route } from '../../route.js';

const EVERY_STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;

const figures: [
  section: string,
  path: string,
  summary: string,
  read: (ctx: Ctx, actor: Actor) => Promise<unknown>,
][] = [
  ['30', '/conversation/7statistics', '七日咨询数量统计', countSevenDays],
  ['31', '/conversation/numberranking', '当月咨询数排行', rankByNumber],
  ['32', '/conversation/ratedranking', '当月评价排行', rankByRating],
  ['33', '/conversation/todaychange', '今日咨询数量变化', compareToday],
];

export const statisticsRoutes: Route[] = figures.map(([section, path, summary, read]) =>
  route({
    dialect: 'hotline',
    section,
    method: 'get',
    path,
    summary,
    auth: EVERY_STAFF,
    from: 'query',
    input: z.object({}),
    handle: ({ ctx, actor }) => read(ctx, actor),
  }),
);
