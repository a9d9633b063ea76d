/** Risk, records and care: our own calls. */
import { ensureCase } from '../../../services/risk/open-case.js';
import { RISK_FORMS } from '../../../services/risk/form.js';
import { writeDisclosure } from '../../../services/risk/disclosure.js';
import { holdSupervision } from '../../../services/care/supervision-log.js';
import { saveReview } from '../../../services/quality-review/save.js';
import { authenticatedActor } from '../../support/factories.js';
import { ours } from './principals.js';
import { row, type Row } from './row.js';
import { CANARY, endedSession, makeSession, type Scene } from './scene.js';

const STAFF = ours(['ok', 'staff']);
/** Of a session of counselorOwner's, in institution ecnu. */
const CARERS = ours(
  ['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled'],
  [404, 'counselorForeign'],
);
const READERS = ours(
  ['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
  [404, 'counselorForeign', 'adminForeign'],
);
const id = (document: { _id: { toHexString(): string } }) => document._id.toHexString();
const session = async (scene: Scene) => (await makeSession(scene)).session;
const caseOf = async (scene: Scene) => ensureCase(scene.ctx, await session(scene), 'ALARM');
/** Assessed, planned: ready to be signed. */
const readyCase = async (scene: Scene, signed: boolean) => {
  const made = await caseOf(scene);
  await scene.ctx.models.RiskCase.updateOne(
    { _id: made._id },
    {
      $set: {
        score: 9,
        band: 'high',
        plan: Buffer.alloc(1),
        ...(signed ? { signedBy: scene.people.supervisorBound.user._id, signedAt: new Date() } : {}),
      },
    },
  );
  return id(made);
};
const taskOf = async (scene: Scene) => {
  const made = await caseOf(scene);
  return id(await scene.ctx.models.FollowUp.findOne({ case: made._id, step: 'WEEK' }).orFail());
};
/** By supervisorBound, of an ended session of counselorOwner's. */
const reviewOf = async (scene: Scene) => {
  const { counselorOwner, supervisorBound } = scene.people;
  // A hostile call of an earlier row may have unbound them.
  const bound = { $set: { supervisors: [supervisorBound.user._id] } };
  await scene.ctx.models.User.updateOne({ _id: counselorOwner.user._id }, bound);
  const reviewer = await authenticatedActor(scene.ctx, supervisorBound.token);
  const ended = id((await endedSession(scene)).session);
  const words = { comment: `${CANARY} 评语`, remarks: [] };
  return saveReview(scene.ctx, reviewer, { id: ended, points: { CONTACT: 4 }, ...words });
};
const heldWith = ({ people }: Scene) => ({
  ...{ counselors: [people.counselorOwner.id], day: '2026-01-05', minutes: 50 },
  words: `${CANARY} 反移情`,
});
const entryOf = async (scene: Scene) => {
  const supervisor = await authenticatedActor(scene.ctx, scene.people.supervisorBound.token);
  return (await holdSupervision(scene.ctx, supervisor, heldWith(scene))).id;
};
const DISCLOSURE = { to: 'SCHOOL' as const, whom: '学院副书记', reason: '有计划', visitorTold: true };
const full = Object.fromEntries((RISK_FORMS[0]?.items ?? []).map((item) => [item.id, 0]));

export const careRows: Row[] = [
  row('POST /api/v1/conversations/{id}/alarm', CARERS, async (scene) => ({
    path: `/api/v1/conversations/${id(await session(scene))}/alarm`,
    json: { cause: 'WITHIN_72H' },
  })),
  row('GET /api/v1/conversations/{id}/marks', READERS, async (scene) => ({
    path: `/api/v1/conversations/${id(await session(scene))}/marks`,
  })),
  row('GET /api/v1/risk-forms', STAFF, { path: '/api/v1/risk-forms' }),
  row('GET /api/v1/conversations/{id}/risk-assessments', READERS, async (scene) => ({
    path: `/api/v1/conversations/${id(await session(scene))}/risk-assessments`,
  })),
  row('POST /api/v1/conversations/{id}/risk-assessments', CARERS, async (scene) => ({
    path: `/api/v1/conversations/${id(await session(scene))}/risk-assessments`,
    json: { form: RISK_FORMS[0]?.version, answers: full },
  })),
  row('GET /api/v1/risk-cases', STAFF, { path: '/api/v1/risk-cases' }),
  row('GET /api/v1/risk-cases/{id}', READERS, async (scene) => ({
    path: `/api/v1/risk-cases/${id(await caseOf(scene))}`,
  })),
  row('PUT /api/v1/risk-cases/{id}/plan', CARERS, async (scene) => ({
    path: `/api/v1/risk-cases/${id(await caseOf(scene))}/plan`,
    json: { plan: '室友陪同，药物交由辅导员保管' },
  })),
  row(
    'POST /api/v1/risk-cases/{id}/sign-off',
    ours(['ok', 'supervisorBound', 'supervisorCalled']),
    async (scene) => ({ path: `/api/v1/risk-cases/${await readyCase(scene, false)}/sign-off`, json: {} }),
  ),
  row('POST /api/v1/risk-cases/{id}/close', CARERS, async (scene) => ({
    path: `/api/v1/risk-cases/${await readyCase(scene, true)}/close`,
    json: {},
  })),
  row('POST /api/v1/risk-cases/{id}/disclosures', CARERS, async (scene) => ({
    path: `/api/v1/risk-cases/${id(await caseOf(scene))}/disclosures`,
    json: DISCLOSURE,
  })),
  row(
    'POST /api/v1/disclosures/{id}/sign',
    ours(['ok', 'supervisorBound', 'supervisorCalled', 'adminOwn'], [404, 'adminForeign']),
    async (scene) => {
      const writer = await authenticatedActor(scene.ctx, scene.people.counselorOwner.token);
      const made = await writeDisclosure(scene.ctx, writer, { id: id(await caseOf(scene)), ...DISCLOSURE });
      return { path: `/api/v1/disclosures/${made.id}/sign`, json: {} };
    },
  ),
  row('GET /api/v1/conversations/{id}/record', READERS, async (scene) => ({
    path: `/api/v1/conversations/${id((await endedSession(scene)).session)}/record`,
  })),
  row(
    'PUT /api/v1/conversations/{id}/record',
    ours(['ok', 'counselorOwner'], [404, 'counselorForeign']),
    async (scene) => ({
      path: `/api/v1/conversations/${id((await endedSession(scene)).session)}/record`,
      json: {
        disposition: 'COUNSELING',
        noBand: 'NOT_INDICATED',
        template: 'hotline-1',
        fields: { complaint: '学业压力', course: '倾听与正常化' },
      },
    }),
  ),
  row(
    'PUT /api/v1/conversations/{id}/review',
    ours(['ok', 'supervisorBound', 'supervisorCalled']),
    async (scene) => ({
      path: `/api/v1/conversations/${id((await endedSession(scene)).session)}/review`,
      json: { points: { CONTACT: 4, RISK: 5 }, comment: '倾听充分', remarks: [] },
    }),
  ),
  row('GET /api/v1/conversations/{id}/reviews', READERS, async (scene) => ({
    path: `/api/v1/conversations/${(await reviewOf(scene)).conversationId}/reviews`,
  })),
  row('GET /api/v1/reviews', STAFF, { path: '/api/v1/reviews?unread=true' }),
  row(
    'POST /api/v1/reviews/{id}/read',
    ours(['ok', 'counselorOwner'], [404, 'counselorForeign']),
    async (scene) => ({ path: `/api/v1/reviews/${(await reviewOf(scene)).id}/read`, json: {} }),
  ),
  row('GET /api/v1/records-missing', STAFF, { path: '/api/v1/records-missing' }),
  row('GET /api/v1/contacts', STAFF, { path: '/api/v1/contacts?from=1700000000000&to=1700086400000' }),
  row('GET /api/v1/load', STAFF, { path: '/api/v1/load' }),
  row('GET /api/v1/supervision-entries', STAFF, { path: '/api/v1/supervision-entries' }),
  row(
    'GET /api/v1/supervision-entries/{id}',
    ours(['ok', 'counselorOwner', 'supervisorBound'], [404, 'counselorForeign']),
    async (scene) => ({ path: `/api/v1/supervision-entries/${await entryOf(scene)}` }),
  ),
  row('POST /api/v1/supervision-entries', ours(['ok', 'supervisors']), (scene) => ({
    path: '/api/v1/supervision-entries',
    json: heldWith(scene),
  })),
  row('PUT /api/v1/supervision-entries/{id}', ours(['ok', 'supervisorBound']), async (scene) => ({
    path: `/api/v1/supervision-entries/${await entryOf(scene)}`,
    json: heldWith(scene),
  })),
  row('GET /api/v1/staffing', ours(['ok', 'supervisors', 'admins']), {
    path: '/api/v1/staffing?day=2026-01-05&weeks=1',
  }),
  row('GET /api/v1/follow-ups', STAFF, { path: '/api/v1/follow-ups?state=OVERDUE' }),
  row('POST /api/v1/follow-ups/{id}/settle', CARERS, async (scene) => ({
    path: `/api/v1/follow-ups/${await taskOf(scene)}/settle`,
    json: { outcome: 'BETTER', note: '情绪平稳' },
  })),
  row('POST /api/v1/follow-ups/{id}/assign', CARERS, async (scene) => ({
    path: `/api/v1/follow-ups/${await taskOf(scene)}/assign`,
    json: { owner: scene.people.counselorColleague.id },
  })),
];
