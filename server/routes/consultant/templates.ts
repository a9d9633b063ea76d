/** Second document, 模板文件. */
import { TemplateFile } from '../../../contract/consultant/record.js';
import { z } from 'zod';
import { humanText } from '../../../contract/common.js';
import {
  downloadTemplates,
  listTemplates,
  MAX_TEMPLATE_BYTES,
  uploadTemplate,
} from '../../../services/record/templates.js';
import { route, type Route } from '../../route.js';
import { oneFile } from './one-file.js';

const base = {
  dialect: 'consultant',
  method: 'post',
  from: 'json',
  auth: ['COUNSELOR'],
  userID: 'optional',
} as const;
/** A form carries one name as text. */
const fileNames = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(humanText(256)).min(1).max(50),
);

export const consultantTemplateRoutes: Route[] = [
  route({
    ...base,
    section: 'interview/upload/template',
    path: '/api/consultant/interview/upload/template',
    summary: '上传模板文件',
    input: z.object({}),
    files: { fields: { files: 1 }, maxBytes: MAX_TEMPLATE_BYTES },
    answer: null,
    errors: ['CONFLICT', 'QUOTA', 'TOO_LARGE'],
    handle: ({ ctx, actor, files }) => uploadTemplate(ctx, actor, oneFile(files)),
  }),
  route({
    ...base,
    section: 'interview/download',
    path: '/api/consultant/interview/download',
    summary: '下载模板文件',
    input: z.object({ fileNames: fileNames.describe('One name: that file; more: a zip') }),
    answer: 'bytes',
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input, reply }) {
      await reply.send(await downloadTemplates(ctx, actor, input.fileNames));
    },
  }),
  route({
    ...base,
    section: 'interview/template/list',
    path: '/api/consultant/interview/template/list',
    summary: '查询模板文件列表',
    input: z.object({}),
    answer: z.array(TemplateFile),
    handle: ({ ctx, actor }) => listTemplates(ctx, actor),
  }),
];
