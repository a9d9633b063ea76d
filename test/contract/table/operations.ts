/** Statistics, webhooks, retention and legal holds: our own calls for admins. */
import { Types } from 'mongoose';
import { scheduleErasure } from '../../../services/conversation/delete.js';
import { askErasure } from '../../../services/retention/ask.js';
import { createHold } from '../../../services/retention/hold.js';
import { authenticatedActor, makePerson } from '../../support/factories.js';
import { ours } from './principals.js';
import { row, type Row } from './row.js';
import type { Scene } from './scene.js';

const ADMINS = ours(['ok', 'admins']);
/** On something of institution ecnu's. */
const ITS_ADMINS = ours(['ok', 'adminOwn', 'systemAdmin'], [404, 'adminForeign']);

const VISITORS = ours(['ok', 'visitors']);

const RANGE = 'from=1700000000000&to=1700086400000';

async function makeWebhook(scene: Scene): Promise<string> {
  const made = await scene.ctx.models.Webhook.create({
    institution: 'ecnu',
    url: 'https://hooks.example.com/in',
    events: ['conversation.ended'],
    secret: Buffer.alloc(60),
    createdBy: new Types.ObjectId(),
    createdAt: new Date(),
  });
  return made._id.toHexString();
}

async function makeDead(scene: Scene): Promise<string> {
  const receiver = await makeWebhook(scene);
  const dead = await scene.ctx.models.Outbox.create({
    channel: 'webhook',
    receiver,
    institution: 'ecnu',
    template: 'conversation.ended',
    data: { at: 1_700_000_000_000 },
    state: 'DEAD',
    attempts: 9,
    dueAt: new Date(),
    order: 1,
    createdAt: new Date(),
  });
  return `/api/v1/webhooks/${receiver}/dead-letters/${dead._id.toHexString()}/replay`;
}

/** A session that is over, with nobody's data in it. */
async function ended(scene: Scene) {
  const { ctx, session } = scene;
  const _id = new Types.ObjectId();
  const made = await ctx.models.Conversation.create({
    _id,
    type: 'COUNSELING_SESSION',
    status: 'FINISHED',
    institution: 'ecnu',
    visitor: new Types.ObjectId(),
    counselor: session.counselor,
    key: await ctx.keys.createForConversation(_id, 'ecnu'),
    startAt: new Date(),
    endAt: new Date(),
    sealed: true,
  });
  return made.toObject();
}

export const operationsRows: Row[] = [
  row('GET /api/v1/statistics', ours(['ok', 'staff']), { path: `/api/v1/statistics?${RANGE}` }),
  row('GET /api/v1/statistics/institutions', ours(['ok', 'systemAdmin']), {
    path: `/api/v1/statistics/institutions?${RANGE}`,
  }),
  row('GET /api/v1/institutions', ours(['ok', 'systemAdmin']), { path: '/api/v1/institutions' }),
  row('GET /api/v1/health', ADMINS, { path: '/api/v1/health' }),
  row('GET /api/v1/webhooks', ADMINS, { path: '/api/v1/webhooks' }),
  row('POST /api/v1/webhooks', ADMINS, {
    path: '/api/v1/webhooks',
    json: { url: 'https://hooks.example.com/in', events: ['conversation.ended'] },
  }),
  row('DELETE /api/v1/webhooks/{id}', ITS_ADMINS, async (scene) => ({
    path: `/api/v1/webhooks/${await makeWebhook(scene)}`,
  })),
  row('POST /api/v1/webhooks/{id}/rotate', ITS_ADMINS, async (scene) => ({
    path: `/api/v1/webhooks/${await makeWebhook(scene)}/rotate`,
    json: {},
  })),
  row('GET /api/v1/webhooks/{id}/dead-letters', ITS_ADMINS, async (scene) => ({
    path: `/api/v1/webhooks/${await makeWebhook(scene)}/dead-letters`,
  })),
  row('POST /api/v1/webhooks/{id}/dead-letters/{row}/replay', ITS_ADMINS, async (scene) => ({
    path: await makeDead(scene),
    json: {},
  })),
  row('GET /api/v1/retention', ADMINS, { path: '/api/v1/retention' }),
  row('PUT /api/v1/retention', ADMINS, {
    path: '/api/v1/retention',
    json: { exportTask: { minDays: 0, maxDays: 180 } },
  }),
  row('GET /api/v1/erasures', ADMINS, { path: '/api/v1/erasures' }),
  row('POST /api/v1/erasures', ITS_ADMINS, async (scene) => ({
    path: '/api/v1/erasures',
    json: { conversation: (await ended(scene))._id.toHexString(), reference: 'R-1' },
  })),
  row('POST /api/v1/erasures/{id}/undo', ITS_ADMINS, async (scene) => {
    const gone = await ended(scene);
    await scheduleErasure(scene.ctx, gone, { cause: 'deleted', actor: null });
    return { path: `/api/v1/erasures/${gone._id.toHexString()}/undo`, json: {} };
  }),
  // Who calls has asked already, or has not: both are answered alike.
  row('POST /api/v1/me/erasure-request', VISITORS, { path: '/api/v1/me/erasure-request', json: {} }),
  row('GET /api/v1/me/erasure-request', VISITORS, { path: '/api/v1/me/erasure-request' }),
  row('DELETE /api/v1/me/erasure-request', VISITORS, { path: '/api/v1/me/erasure-request' }),
  row('GET /api/v1/erasure-requests', ADMINS, { path: '/api/v1/erasure-requests?state=ASKED' }),
  row('POST /api/v1/erasure-requests/{id}/settle', ITS_ADMINS, async ({ ctx }) => {
    const visitor = await makePerson(ctx, 'VISITOR');
    await askErasure(ctx, await authenticatedActor(ctx, visitor.token));
    return {
      path: `/api/v1/erasure-requests/${visitor.id}/settle`,
      json: { accept: true, reference: 'R-4' },
    };
  }),
  row('GET /api/v1/audit', ADMINS, { path: '/api/v1/audit' }),
  row('POST /api/v1/audit/check', ADMINS, { path: '/api/v1/audit/check', json: {} }),
  row('GET /api/v1/legal-holds', ADMINS, { path: '/api/v1/legal-holds' }),
  // A house of one's choice: a system admin's any, an institution's admin's their own.
  ...['erasures', 'erasure-requests', 'legal-holds'].map((list) =>
    row(
      `GET /api/v1/${list}`,
      ITS_ADMINS,
      { path: `/api/v1/${list}?institution=ecnu` },
      { of: 'of one institution' },
    ),
  ),
  row('POST /api/v1/legal-holds', ITS_ADMINS, async (scene) => ({
    path: '/api/v1/legal-holds',
    json: { conversation: (await ended(scene))._id.toHexString(), reference: 'R-2' },
  })),
  row('DELETE /api/v1/legal-holds/{id}', ITS_ADMINS, async (scene) => {
    const admin = await authenticatedActor(scene.ctx, scene.people.adminOwn.token);
    const conversation = (await ended(scene))._id.toHexString();
    const hold = await createHold(scene.ctx, admin, { conversation, reference: 'R-3' });
    return { path: `/api/v1/legal-holds/${hold.id}` };
  }),
];
