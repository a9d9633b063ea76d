/** Second document, 首页. */
import { z } from 'zod';
import {
  AgeData,
  CategoryData,
  GenderData,
  TimeSlotData,
  TodayTransactions,
  YearlyConsultations,
} from '../../../contract/consultant/dashboard.js';
import type { Actor, Ctx } from '../../../services/context.js';
import {
  ageData,
  categoryData,
  genderData,
  timeSlotData,
  todayTransactions,
  yearlyConsultations,
} from '../../../services/dashboard/dashboard.js';
import { route, type Route } from '../../route.js';

const series = (
  name: string,
  summary: string,
  answer: z.ZodType,
  read: (ctx: Ctx, actor: Actor) => Promise<unknown>,
): Route =>
  route({
    dialect: 'consultant',
    section: `dashboard/${name}`,
    method: 'post',
    path: `/api/consultant/dashboard/${name}`,
    summary,
    auth: ['COUNSELOR'],
    from: 'json',
    input: z.object({}),
    answer,
    handle: ({ ctx, actor }) => read(ctx, actor),
  });

export const consultantDashboardRoutes: Route[] = [
  series('today-transactions', '获取今日咨询交易情况', TodayTransactions, todayTransactions),
  series('category-data', '获取咨询类别占比数据', CategoryData, categoryData),
  series('yearly-consultations', '获取年度咨询量数据', YearlyConsultations, yearlyConsultations),
  series('time-slot-data', '获取时段预约趋势数据', TimeSlotData, timeSlotData),
  series('gender-data', '获取用户性别分布数据', GenderData, genderData),
  series('age-data', '获取用户年龄分布数据', AgeData, ageData),
];
