/** What the second document's case files and templates imply and give no call for (contract-notes.md section 4). */
import { z } from 'zod';
import { humanText, lenientNumber } from '../../../contract/common.js';
import { PersonalProfileAnswer } from '../../../contract/consultant/consultation.js';
import { WritePersonalProfile } from '../../../contract/consultant/intake.js';
import { PatchRecord, RecordRow } from '../../../contract/consultant/record.js';
import { deleteConsultation } from '../../../services/record/delete.js';
import { patchRecord } from '../../../services/record/patch.js';
import { writePersonalProfile } from '../../../services/record/personal-profile.js';
import { removeTemplate } from '../../../services/record/templates.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'ours', section: '4', from: 'json' } as const;
const number = lenientNumber.pipe(z.number().int().min(0));

export const caseFileRoutes: Route[] = [
  route({
    ...base,
    method: 'patch',
    path: '/api/v1/records/{id}',
    summary: '修改咨询档案',
    auth: ['COUNSELOR'],
    input: PatchRecord,
    answer: RecordRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => patchRecord(ctx, actor, input),
  }),
  route({
    ...base,
    method: 'delete',
    path: '/api/v1/records/{id}/consultations/{consultation}',
    summary: '删除一条咨询记录',
    auth: ['COUNSELOR'],
    input: z.strictObject({
      id: number.describe('Integer id of the case file'),
      consultation: number.describe('Integer id of the consultation record'),
    }),
    answer: null,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await deleteConsultation(ctx, actor, input.id, input.consultation);
    },
  }),
  route({
    ...base,
    method: 'put',
    // The profile itself has a field `id`.
    path: '/api/v1/records/{record}/personal-profile',
    summary: '填写或修改个人档案',
    auth: ['COUNSELOR'],
    input: WritePersonalProfile.extend({
      record: number.describe('Integer id of a case file, a consultation record or an order'),
    }),
    answer: PersonalProfileAnswer,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input: { record, ...change } }) =>
      writePersonalProfile(ctx, actor, record, change),
  }),
  route({
    ...base,
    method: 'delete',
    path: '/api/v1/templates/{fileName}',
    summary: '删除模板文件',
    auth: ['COUNSELOR', 'INSTITUTION_ADMINISTRATOR'],
    input: z.strictObject({ fileName: humanText(256).describe('As template/list names it') }),
    answer: null,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => removeTemplate(ctx, actor, input.fileName),
  }),
];
