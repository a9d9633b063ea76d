/** Exports after they were asked for (contract-notes.md section 4, "34, 35"), and the keys that sign them. */
import { ExportTask, SealKey } from '../../../contract/export.js';
import { z } from 'zod';
import { id } from '../../../contract/common.js';
import { openDownload } from '../../../services/export/download.js';
import { cancelExport, getExport, listExports } from '../../../services/export/task.js';
import { listSealKeys } from '../../../services/seal/signing.js';
import { openRoute, route, type Route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;

const download = (which: 'file' | 'proof', summary: string): Route =>
  route({
    dialect: 'ours',
    section: '34, 35',
    method: 'get',
    path: `/api/v1/exports/{id}/${which}`,
    summary,
    auth: STAFF,
    from: 'query',
    input: z.strictObject({ id }),
    answer: 'bytes',
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input, reply }) {
      await reply.sendRanged(await openDownload(ctx, actor, input.id, which));
    },
  });

export const exportsRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '34, 35',
    method: 'get',
    path: '/api/v1/exports',
    summary: '自己最近的导出任务',
    auth: STAFF,
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(ExportTask),
    handle: ({ ctx, actor }) => listExports(ctx, actor),
  }),
  route({
    dialect: 'ours',
    section: '34, 35',
    method: 'get',
    path: '/api/v1/exports/{id}',
    summary: '导出任务的状态与进度',
    auth: STAFF,
    from: 'query',
    input: z.strictObject({ id }),
    answer: ExportTask,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => getExport(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '34, 35',
    method: 'post',
    path: '/api/v1/exports/{id}/cancel',
    summary: '取消未完成的导出',
    auth: STAFF,
    from: 'json',
    input: z.strictObject({ id }),
    answer: ExportTask,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => cancelExport(ctx, actor, input.id),
  }),
  download('file', '下载导出的文件（支持断点续传，24小时内有效）'),
  download('proof', '下载文件的校验清单'),
  openRoute({
    dialect: 'ours',
    section: '34, 35',
    method: 'get',
    path: '/api/v1/seal-keys',
    summary: '导出签名的公钥，含已停用的',
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(SealKey),
    handle: ({ ctx }) => listSealKeys(ctx),
  }),
];
