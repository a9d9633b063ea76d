/** What a house keeps for its staff: our own calls. */
import { Types } from 'mongoose';
import { createReply } from '../../../services/canned-reply/manage.js';
import { sealWords } from '../../../services/risk/sealed.js';
import { authenticatedActor, type Person } from '../../support/factories.js';
import { ours } from './principals.js';
import { row, type Row } from './row.js';
import { CANARY, fresh, makeSession, type Scene } from './scene.js';

const STAFF = ours(['ok', 'staff']);
const REPLY = { title: '欢迎', category: '开场', text: '您好' };

async function replyOf({ ctx, people }: Scene, who: 'counselorOwner' | 'supervisorBound'): Promise<string> {
  const writer = await authenticatedActor(ctx, people[who].token);
  const made = await createReply(ctx, writer, { ...REPLY, shared: who === 'supervisorBound' });
  return `/api/v1/canned-replies/${made.id}`;
}

/** Left by visitorOwner, or by whoever calls; looked after by counselorOwner unless nobody is to. */
async function messageOf({ ctx, people }: Scene, of: { by?: Person; open?: true } = {}) {
  const _id = new Types.ObjectId();
  const key = await ctx.keys.createForConversation(_id, 'ecnu');
  const body = JSON.stringify({ text: `${CANARY} 睡不着`, contact: null });
  const { user } = of.by ?? people.visitorOwner;
  const clientMsgId = fresh('offline');
  await ctx.models.OfflineMessage.create({
    ...{ _id, key, institution: 'ecnu', visitor: user._id, clientMsgId, consentVersion: 'x' },
    ...{ urgency: 'none', createdAt: new Date(), state: of.open ? 'OPEN' : 'TAKEN' },
    taker: of.open ? null : people.counselorOwner.user._id,
    body: await sealWords(ctx, { key, institution: 'ecnu' }, ['offlineMessages', 'body', _id], body),
  });
  return { clientMsgId, path: `/api/v1/offline-messages/${_id.toHexString()}` };
}
const HELPERS = ['counselors', 'supervisors', 'adminOwn', 'adminForeign'] as const;
const FOREIGN = ['counselorForeign', 'adminForeign'] as const;

const PLANNERS = ours(
  ['ok', 'supervisorBound', 'adminOwn', 'systemAdmin'],
  [403, 'supervisorCalled', 'supervisorUnbound'],
  [404, 'adminForeign'],
);
const strengths = ({ people }: Scene) => `/api/v1/counselors/${people.counselorOwner.id}/strengths`;
const OWNER = ours(['ok', 'visitorOwner'], [403, 'visitorOther']);
/** Of a session of visitorOwner's that waits. */
const waiting = async (scene: Scene) => {
  const { session } = await makeSession(scene, { status: 'WAITING' });
  return `/api/v1/conversations/${session._id.toHexString()}/wish`;
};

export const houseRows: Row[] = [
  row('GET /api/v1/counselors/{id}/strengths', PLANNERS, (scene) => ({ path: strengths(scene) })),
  row('PUT /api/v1/counselors/{id}/strengths', PLANNERS, (scene) => ({
    path: strengths(scene),
    json: { skills: ['学业压力'], languages: ['普通话'] },
  })),
  row('GET /api/v1/conversations/{id}/wish', OWNER, async (scene) => ({ path: await waiting(scene) })),
  row('PUT /api/v1/conversations/{id}/wish', OWNER, async (scene) => ({
    path: await waiting(scene),
    json: { skill: null },
  })),
  // Somebody is on line here: a message that is stored already is answered all the same.
  row('POST /api/v1/me/offline-messages', ours(['ok', 'visitors']), async (scene, as) => ({
    path: '/api/v1/me/offline-messages',
    json: {
      clientMsgId: (await messageOf(scene, as ? { by: as } : {})).clientMsgId,
      text: '睡不着',
    },
  })),
  row('GET /api/v1/me/offline-messages', ours(['ok', 'visitors']), {
    path: '/api/v1/me/offline-messages',
  }),
  row('GET /api/v1/offline-messages', ours(['ok', ...HELPERS]), {
    path: '/api/v1/offline-messages?state=OPEN',
  }),
  row(
    'GET /api/v1/offline-messages/{id}',
    ours(['ok', ...HELPERS], [403, 'counselorColleague'], [404, ...FOREIGN]),
    async (scene) => ({ path: (await messageOf(scene)).path }),
  ),
  row(
    'POST /api/v1/offline-messages/{id}/take',
    ours(['ok', ...HELPERS], [404, ...FOREIGN]),
    async (scene) => ({ path: `${(await messageOf(scene, { open: true })).path}/take`, json: {} }),
  ),
  row(
    'POST /api/v1/offline-messages/{id}/release',
    ours(['ok', ...HELPERS], [403, 'counselorColleague'], [404, ...FOREIGN]),
    async (scene) => ({ path: `${(await messageOf(scene)).path}/release`, json: {} }),
  ),
  row(
    'POST /api/v1/offline-messages/{id}/finish',
    ours([403, ...HELPERS], ['ok', 'counselorOwner'], [404, ...FOREIGN]),
    async (scene) => ({
      path: `${(await messageOf(scene)).path}/finish`,
      json: { remark: `${CANARY} 已回电` },
    }),
  ),
  row('GET /api/v1/canned-replies', STAFF, { path: '/api/v1/canned-replies' }),
  row('POST /api/v1/canned-replies', STAFF, { path: '/api/v1/canned-replies', json: REPLY }),
  // Somebody's own: to others there is none.
  row('PUT /api/v1/canned-replies/{id}', ours([404, 'staff'], ['ok', 'counselorOwner']), async (scene) => ({
    path: await replyOf(scene, 'counselorOwner'),
    json: REPLY,
  })),
  // The house's.
  row(
    'DELETE /api/v1/canned-replies/{id}',
    ours(['ok', 'supervisors', 'adminOwn', 'systemAdmin'], [404, 'counselorForeign', 'adminForeign']),
    async (scene) => ({ path: await replyOf(scene, 'supervisorBound') }),
  ),
];
