/** The institutions of the platform, for system admins. */
import { z } from 'zod';
import { InstitutionRow } from '../../../contract/institution.js';
import { listInstitutions } from '../../../services/institution/list.js';
import { route } from '../../route.js';

export const institutionRoutes = [
  route({
    dialect: 'ours',
    section: 'operations',
    method: 'get',
    path: '/api/v1/institutions',
    summary: '平台上的全部机构',
    auth: ['SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(InstitutionRow),
    handle: ({ ctx, actor }) => listInstitutions(ctx, actor),
  }),
];
