/** Second document, 排班管理. */
import { z } from 'zod';
import {
  MonthDay,
  ReadMonth,
  StopRow,
  UpdateDay,
  UpdateStops,
} from '../../../contract/consultant/schedule.js';
import { listStops, updateStops } from '../../../services/schedule/stops.js';
import { uploadSchedule } from '../../../services/schedule/upload.js';
import { readMonth, updateDay } from '../../../services/schedule/work.js';
import { MAX_SHEET_BYTES } from '../../../services/sheet/read.js';
import { oneFile } from './one-file.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json', auth: ['COUNSELOR'] } as const;

export const consultantScheduleRoutes: Route[] = [
  route({
    ...base,
    section: 'schedule/work',
    path: '/api/consultant/schedule/work',
    summary: '按年月份获取排班管理信息',
    userID: 'optional',
    input: ReadMonth,
    answer: z.array(MonthDay),
    handle: ({ ctx, actor, input }) => readMonth(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'schedule/work/update',
    path: '/api/consultant/schedule/work/update',
    summary: '给单个日期添加或修改排班',
    input: UpdateDay,
    answer: null,
    handle: ({ ctx, actor, input }) => updateDay(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'schedule/upload',
    path: '/api/consultant/schedule/upload',
    summary: '上传文件批量排班',
    input: z.object({}),
    files: { fields: { files: 1 }, maxBytes: MAX_SHEET_BYTES },
    answer: null,
    errors: ['TOO_LARGE'],
    async handle({ ctx, actor, files }) {
      await uploadSchedule(ctx, actor, oneFile(files));
    },
  }),
  route({
    ...base,
    section: 'schedule/stop',
    path: '/api/consultant/schedule/stop',
    summary: '获取停诊信息',
    input: z.object({}),
    answer: z.array(StopRow),
    handle: ({ ctx, actor }) => listStops(ctx, actor),
  }),
  route({
    ...base,
    section: 'schedule/stop/update',
    path: '/api/consultant/schedule/stop/update',
    summary: '添加/修改/删除停诊安排',
    input: UpdateStops,
    answer: null,
    handle: ({ ctx, actor, input }) => updateStops(ctx, actor, input),
  }),
];
