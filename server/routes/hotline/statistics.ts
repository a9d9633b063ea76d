/** Document sections 30 to 33: figures of the consoles' first page. */
import { z } from 'zod';
import { DayCount, NumberRank, RatedRank, TodayChange } from '../../../contract/statistics.js';
import type { Actor, Ctx } from '../../../services/context.js';
import { rankByNumber, rankByRating } from '../../../services/statistics/rankings.js';
import { compareToday, countSevenDays } from '../../../services/statistics/sessions.js';
import { route, type Route } from '../../route.js';

const EVERY_STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;

const figures: [
  section: string,
  path: string,
  summary: string,
  answer: z.ZodType,
  read: (ctx: Ctx, actor: Actor) => Promise<unknown>,
][] = [
  ['30', '/conversation/7statistics', '七日咨询数量统计', z.array(DayCount), countSevenDays],
  ['31', '/conversation/numberranking', '当月咨询数排行', z.array(NumberRank), rankByNumber],
  ['32', '/conversation/ratedranking', '当月评价排行', z.array(RatedRank), rankByRating],
  ['33', '/conversation/todaychange', '今日咨询数量变化', TodayChange, compareToday],
];

export const statisticsRoutes: Route[] = figures.map(([section, path, summary, answer, read]) =>
  route({
    dialect: 'hotline',
    section,
    method: 'get',
    path,
    summary,
    auth: EVERY_STAFF,
    from: 'query',
    input: z.object({}),
    answer,
    handle: ({ ctx, actor }) => read(ctx, actor),
  }),
);
