/** Our own calls about case files, templates, intake forms and the calendar (contract-notes.md section 4). */
import { createConsultation } from '../../../services/record/consultations.js';
import { createRecord } from '../../../services/record/create.js';
import { uploadTemplate } from '../../../services/record/templates.js';
import { authenticatedActor } from '../../support/factories.js';
import { workbook } from '../../http/consultant/sheets.js';
import { orderOf } from './ours.js';
import { ours } from './principals.js';
import { row, type Row } from './row.js';
import { fresh, type Scene } from './scene.js';

const ITS_COUNSELOR = ours(['ok', 'counselorOwner'], [404, 'counselorColleague', 'counselorForeign']);
const ITS_VISITOR = ours(['ok', 'visitorOwner'], [404, 'visitorOther']);

const owner = ({ ctx, people }: Scene) => authenticatedActor(ctx, people.counselorOwner.token);
const recordOf = async (scene: Scene): Promise<number> =>
  createRecord(scene.ctx, await owner(scene), {
    std_name: '张三',
    std_grade: '一',
    std_class: '',
    std_school: '',
    interview_count: '1',
    interview_status: '',
    interview_type: '',
    doctor_evaluation: '',
    follow_up_plan: '',
  });

export const caseFileRows: Row[] = [
  row('PATCH /api/v1/records/{id}', ITS_COUNSELOR, async (scene) => ({
    path: `/api/v1/records/${String(await recordOf(scene))}`,
    json: { std_grade: '二' },
  })),
  row('DELETE /api/v1/records/{id}/consultations/{consultation}', ITS_COUNSELOR, async (scene) => {
    const id = await recordOf(scene);
    const none = { signature: null, attachments: [] };
    const consultation = await createConsultation(scene.ctx, await owner(scene), { id }, none);
    return { path: `/api/v1/records/${String(id)}/consultations/${String(consultation)}` };
  }),
  row('PUT /api/v1/records/{record}/personal-profile', ITS_COUNSELOR, async (scene) => ({
    path: `/api/v1/records/${String(await recordOf(scene))}/personal-profile`,
    json: { complaint: '睡不好', emergencyContact: { name: '李二', phone: '13900001111' } },
  })),
  row(
    'DELETE /api/v1/templates/{fileName}',
    // A colleague sees it and may not; an administrator of the institution may.
    ours(
      ['ok', 'counselorOwner', 'adminOwn'],
      [403, 'counselorColleague'],
      [404, 'counselorForeign', 'adminForeign'],
    ),
    async (scene) => {
      const name = `${fresh('form')}.xlsx`;
      await uploadTemplate(scene.ctx, await owner(scene), { name, bytes: workbook([['表']]) });
      return { path: `/api/v1/templates/${name}` };
    },
  ),
  row('GET /api/v1/calendar', ours(['ok', 'staff']), {
    path: '/api/v1/calendar?from=2031-01-01&to=2031-01-31',
  }),
  row('GET /api/v1/bookings/{booking}/intake', ITS_VISITOR, async (scene) => ({
    path: `/api/v1/bookings/${String(await orderOf(scene, 'WAITING'))}/intake`,
  })),
  row('PUT /api/v1/bookings/{booking}/intake', ITS_VISITOR, async (scene) => ({
    path: `/api/v1/bookings/${String(await orderOf(scene, 'WAITING'))}/intake`,
    json: { complaint: '睡不好' },
  })),
  row(
    'POST /api/v1/bookings/{booking}/conversation',
    // An appointment on site has none; extensions.test.ts has one that does.
    ours([422, 'visitorOwner'], [404, 'visitorOther']),
    async (scene) => ({
      path: `/api/v1/bookings/${String(await orderOf(scene, 'WAITING'))}/conversation`,
      json: {},
    }),
  ),
];
