/** Second document, 咨询档案: the case files. */
import { z } from 'zod';
import { CreateRecord, ListRecords, RecordId, RecordList } from '../../../contract/consultant/record.js';
import { createRecord } from '../../../services/record/create.js';
import { deleteRecord } from '../../../services/record/delete.js';
import { listRecords } from '../../../services/record/list.js';
import { uploadRecords } from '../../../services/record/upload.js';
import { MAX_SHEET_BYTES } from '../../../services/sheet/read.js';
import { oneFile } from './one-file.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json', auth: ['COUNSELOR'] } as const;

export const consultantRecordRoutes: Route[] = [
  route({
    ...base,
    section: 'interview/records',
    path: '/api/consultant/interview/records',
    summary: '获取咨询档案列表',
    input: ListRecords,
    answer: RecordList,
    handle: ({ ctx, actor, input }) => listRecords(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'interview/records/create',
    path: '/api/consuntant/interview/records/create',
    also: ['/api/consultant/interview/records/create'],
    summary: '创建一条访谈/档案记录',
    input: CreateRecord,
    answer: null,
    handle: async ({ ctx, actor, input }) => {
      await createRecord(ctx, actor, input);
    },
  }),
  route({
    ...base,
    section: 'interview/records/delete',
    path: '/api/consultant/interview/records/delete',
    summary: '删除一条访谈/档案记录',
    input: RecordId,
    answer: null,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => deleteRecord(ctx, actor, input.id),
  }),
  route({
    ...base,
    section: 'interview/upload/records',
    path: '/api/consultant/interview/upload/records',
    summary: '上传访谈记录文件 .xls .xlsx',
    userID: 'optional',
    input: z.object({}),
    files: { fields: { files: 1 }, maxBytes: MAX_SHEET_BYTES },
    answer: null,
    errors: ['TOO_LARGE'],
    async handle({ ctx, actor, files }) {
      await uploadRecords(ctx, actor, oneFile(files));
    },
  }),
];
