/** An institution's rules as data, for its administrators. */
import { z } from 'zod';
import { otherInstitution } from '../../../contract/common.js';
import { changePolicy, readPolicy } from '../../../services/policy/manage.js';
import { policySchema } from '../../../services/policy/rules.js';
import { route } from '../../route.js';

const ReadPolicy = z.strictObject({ institution: otherInstitution }).meta({ id: 'ReadPolicy' });
const ChangePolicy = policySchema
  .partial()
  .extend({ institution: otherInstitution })
  .meta({ id: 'ChangePolicy' });
const Policy = policySchema.meta({ id: 'Policy' });
const ours = {
  dialect: 'ours',
  section: 'PUT /config',
  path: '/api/v1/policy',
  auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
} as const;

export const policyRoutes = [
  route({
    ...ours,
    method: 'get',
    summary: '本机构的接待规则',
    from: 'query',
    input: ReadPolicy,
    answer: Policy,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readPolicy(ctx, actor, input.institution),
  }),
  route({
    ...ours,
    method: 'put',
    summary: '修改本机构的接待规则，只改写出的各项',
    from: 'json',
    input: ChangePolicy,
    answer: Policy,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => changePolicy(ctx, actor, input),
  }),
];
