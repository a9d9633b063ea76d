/** The audit log, for an institution's admins and system admins (ours). */
import { AuditCheck, AuditLine, CheckAudit, ListAudit } from '../../../contract/audit.js';
import { checkAudit, listAudit } from '../../../services/audit/read.js';
import { route } from '../../route.js';

const ADMINS = ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ours = { dialect: 'ours', section: 'audit', auth: ADMINS } as const;

export const auditRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/audit',
    summary: '审计记录，最近的在前（查看本身也会被记录）',
    from: 'query',
    input: ListAudit,
    list: true,
    answer: AuditLine,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listAudit(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/audit/check',
    summary: '校验审计记录的链条是否完整',
    from: 'json',
    input: CheckAudit,
    answer: AuditCheck,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => checkAudit(ctx, actor, input),
  }),
];
