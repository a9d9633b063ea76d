/** Document sections 34 and 35. */
import { BatchExport, ExportConversation, ExportTask } from '../../../contract/export.js';
import { exportBatch, exportConversation } from '../../../services/export/request.js';
import { route, type Route } from '../../route.js';

export const exportRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '34',
    method: 'post',
    path: '/conversation/export/{id}',
    summary: '导出会话记录',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'any',
    input: ExportConversation,
    answer: ExportTask,
    errors: ['NOT_FOUND', 'FORBIDDEN', 'QUOTA'],
    handle: ({ ctx, actor, input }) => exportConversation(ctx, actor, input),
  }),
  route({
    dialect: 'hotline',
    section: '35',
    method: 'post',
    path: '/conversation/batchexport',
    summary: '批量导出会话记录',
    auth: ['SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'any',
    input: BatchExport,
    answer: ExportTask,
    errors: ['FORBIDDEN', 'QUOTA'],
    handle: ({ ctx, actor, input }) => exportBatch(ctx, actor, input),
  }),
];
