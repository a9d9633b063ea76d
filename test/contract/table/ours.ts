/** Our own calls under /api/v1: outcomes are HTTP statuses (design.md, "Dialects"; contract-notes.md section 4). */
import { Types } from 'mongoose';
import sharp from 'sharp';
import type { OrderStatus } from '../../../contract/enums.js';
import { accountOf } from '../../../services/account/contact.js';
import { aloneCode } from '../../../services/account/affiliation.js';
import { issueReturnCode } from '../../../services/account/return-code.js';
import { nextCaseID } from '../../../services/case/case-id.js';
import { sendCode } from '../../../services/code/code.js';
import { readOutbox } from '../../../services/code/outbox.js';
import { sealNote } from '../../../services/conversation/transfer-note.js';
import { uploadAttachment } from '../../../services/files/attachment.js';
import { keepDeadLetter } from '../../../services/im/dead-letters.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { authenticatedActor, type Person } from '../../support/factories.js';
import { cells, ours } from './principals.js';
import { row, type Row } from './row.js';
import { fresh, makeSession, person, type Scene } from './scene.js';

const EVERYBODY = cells('ok');
const VISITORS = ours(['ok', 'visitors']);
const COUNSELORS = ours(['ok', 'counselors']);
const STAFF = ours(['ok', 'staff']);
const SIGNED_IN = ours(['ok', 'visitors', 'staff']);
const SYSTEM = ours(['ok', 'systemAdmin']);
const READERS = ours(
  ['ok', 'visitorOwner', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
  [404, 'counselorForeign', 'adminForeign'],
);
const PARTIES = ours(['ok', 'visitorOwner', 'counselorOwner'], [404, 'counselorForeign', 'adminForeign']);
const ITS_STAFF = ours(
  ['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
  [404, 'counselorForeign', 'adminForeign'],
);
/** On an order of counselorOwner's: to other counselors there is none. */
const ITS_COUNSELOR = ours(['ok', 'counselorOwner'], [404, 'counselorColleague', 'counselorForeign']);
const ITS_VISITOR = ours(['ok', 'visitorOwner'], [404, 'visitorOther']);

const id = (document: { _id: { toHexString(): string } }) => document._id.toHexString();
/** What carries its parameters in the path alone. */
const at = (call: string, table: Row['cells'], path: (scene: Scene) => string | Promise<string>): Row =>
  row(call, table, async (scene) => ({ path: await path(scene) }));

function fileForm(): FormData {
  const form = new FormData();
  form.set('kind', 'file');
  form.set('file', new Blob(['您好']), '说明.txt');
  return form;
}

/** The id of a picture that the visitor sent in the scene's session. */
async function sentPicture({ ctx, people, session }: Scene): Promise<string> {
  const visitor = await authenticatedActor(ctx, people.visitorOwner.token);
  const create = { width: 8, height: 8, channels: 3 as const, background: '#fff' };
  const bytes = await sharp({ create }).png().toBuffer();
  const conversationId = id(session);
  const uploaded = await uploadAttachment(
    ctx,
    visitor,
    { id: conversationId, kind: 'image' },
    { name: 'a.png', bytes },
  );
  const said = { conversationId, clientMsgId: fresh('i'), kind: 'image' as const, attachment: uploaded.id };
  await acceptMessage(ctx, visitor, said);
  return uploaded.id;
}

const conversations: Row[] = [
  at(
    'GET /api/v1/conversations/{id}/messages',
    READERS,
    ({ session }) => `/api/v1/conversations/${id(session)}/messages?after=0&limit=50`,
  ),
  row('POST /api/v1/conversations/{conversationId}/messages', PARTIES, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/messages`,
    json: { clientMsgId: fresh('m'), kind: 'text', text: '您好' },
  })),
  row('POST /api/v1/conversations/{conversationId}/read', PARTIES, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/read`,
    json: { seq: 1 },
  })),
  row('POST /api/v1/conversations/{conversationId}/received', PARTIES, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/received`,
    json: { seq: 1 },
  })),
  row('POST /api/v1/conversations/{id}/attachments', PARTIES, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/attachments`,
    form: fileForm(),
  })),
  ...(['', '/thumb'] as const).map((part) =>
    row(
      `GET /api/v1/attachments/{id}${part}`,
      READERS,
      async (scene) => ({ path: `/api/v1/attachments/${await sentPicture(scene)}${part}` }),
      { quiet: true },
    ),
  ),
  row(
    'POST /api/v1/messages/{id}/recall',
    ours(['ok', 'visitorOwner'], [404, 'counselorForeign', 'adminForeign']),
    async (scene) => {
      const visitor = await authenticatedActor(scene.ctx, scene.people.visitorOwner.token);
      const said = { clientMsgId: fresh('r'), kind: 'text' as const, text: '收回' };
      const message = await acceptMessage(scene.ctx, visitor, { conversationId: id(scene.session), ...said });
      return { path: `/api/v1/messages/${message.id}/recall`, json: {} };
    },
  ),
  at('GET /api/v1/conversations/{id}', READERS, ({ session }) => `/api/v1/conversations/${id(session)}`),
  row('POST /api/v1/sync', SIGNED_IN, ({ session }) => ({
    path: '/api/v1/sync',
    json: { conversations: [{ id: id(session), after: 0 }] },
  })),
  row('POST /api/v1/conversations/{id}/search', READERS, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/search`,
    json: { text: '说的' },
  })),
  row('POST /api/v1/search', ours(['ok', 'counselors', 'supervisors']), {
    path: '/api/v1/search',
    json: { text: '说的' },
  }),
  at(
    'GET /api/v1/conversations/{id}/days/{day}',
    READERS,
    ({ session }) => `/api/v1/conversations/${id(session)}/days/2026-01-01`,
  ),
  at('GET /api/v1/tags', STAFF, () => '/api/v1/tags'),
  row('GET /api/v1/tags', SYSTEM, { path: '/api/v1/tags?of=all' }, { of: 'of all institutions' }),
  at(
    'GET /api/v1/conversations/{id}/tags',
    ITS_STAFF,
    ({ session }) => `/api/v1/conversations/${id(session)}/tags`,
  ),
  row('PUT /api/v1/conversations/{id}/tags', ITS_STAFF, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/tags`,
    json: { tag: '学业', on: true },
  })),
  at('GET /api/v1/previews', SIGNED_IN, () => '/api/v1/previews'),
  at('GET /api/v1/queue', STAFF, () => '/api/v1/queue'),
  row(
    'POST /api/v1/conversations/{id}/transfer',
    ours(
      ['ok', 'counselorOwner', 'supervisorBound', 'adminOwn', 'systemAdmin'],
      [404, 'counselorForeign', 'adminForeign'],
    ),
    async (scene) => ({
      path: `/api/v1/conversations/${id((await makeSession(scene)).session)}/transfer`,
      json: { counselor: scene.people.counselorColleague.id },
    }),
  ),
];

/** Offers, more time, wrap-up: a counselor's own; a colleague's offer is refused, another institution's unknown. */
const its = (colleague: 'ok' | number) =>
  ours(['ok', 'counselorOwner'], [colleague, 'counselorColleague'], [404, 'counselorForeign']);
const offered = async (scene: Scene) => {
  const now = scene.ctx.clock.now();
  const offer = {
    counselor: scene.people.counselorOwner.user._id,
    at: new Date(now),
    until: new Date(now + 60_000),
  };
  return id((await makeSession(scene, { status: 'WAITING', counselor: null, offer })).session);
};
/** A colleague in the waiting room may not. */
const ITS_WAITER = ours(['ok', 'visitorOwner'], [403, 'visitorOther']);
const edges: Row[] = [
  at(
    'GET /api/v1/queue/forecasts',
    ours(['ok', 'adminOwn', 'adminForeign']),
    () => '/api/v1/queue/forecasts',
  ),
  at('GET /api/v1/me/offers', COUNSELORS, () => '/api/v1/me/offers'),
  ...(['accept', 'decline'] as const).map((verb) =>
    row(`POST /api/v1/conversations/{id}/${verb}`, its(verb === 'accept' ? 422 : 'ok'), async (scene) => ({
      path: `/api/v1/conversations/${await offered(scene)}/${verb}`,
      json: {},
    })),
  ),
  at(
    'GET /api/v1/conversations/{id}/intake',
    ITS_WAITER,
    (scene) => `/api/v1/conversations/${id(scene.session)}/intake`,
  ),
  row('POST /api/v1/conversations/{id}/intake', ITS_WAITER, (scene) => ({
    path: `/api/v1/conversations/${id(scene.session)}/intake`,
    json: { answers: { danger: 'no' } },
  })),
  row('POST /api/v1/conversations/{id}/extend', its(403), async (scene) => {
    const limit = { kind: 'limit' as const, at: new Date(scene.ctx.clock.now() + 600_000) };
    const { session } = await makeSession(scene, { deadlines: [limit] });
    return { path: `/api/v1/conversations/${id(session)}/extend`, json: { reason: 'SAFETY' } };
  }),
  row('POST /api/v1/conversations/{id}/wrap-up', its(404), async (scene) => ({
    path: `/api/v1/conversations/${id((await makeSession(scene)).session)}/wrap-up`,
    json: {},
  })),
];

/** Each administrator's own institution's rules. */
const RULES = ours(['ok', 'admins']);
const rules: Row[] = [
  at('GET /api/v1/consent-texts', RULES, () => '/api/v1/consent-texts'),
  // At once they are asked: the system admin publishes elsewhere, or one of two of a house would be refused.
  row('POST /api/v1/consent-texts', RULES, async ({ ctx, people }, as) => {
    const other = { institution: fresh('house-of-consent-') };
    if (as === people.systemAdmin) await ctx.models.Institution.create({ _id: other.institution, name: 'x' });
    const { consentVersion: after } = await ctx.policies.get(as?.user.institution ?? 'ecnu');
    return {
      path: '/api/v1/consent-texts',
      json: {
        text: fresh('text'),
        ...(as === people.systemAdmin ? { ...other, after: 'hotline-1' } : { after }),
      },
    };
  }),
  at('GET /api/v1/policy', RULES, () => '/api/v1/policy'),
  row('PUT /api/v1/policy', RULES, { path: '/api/v1/policy', json: { wishWaitMinutes: 5 } }),
];

/** Who may give a session away; only who was asked may take it. */
const GIVERS = ours(
  ['ok', 'counselorOwner', 'supervisorBound', 'adminOwn', 'systemAdmin'],
  [404, 'counselorForeign', 'adminForeign'],
);
const transfer = (scene: Scene) => ({
  to: scene.people.counselorColleague.user._id,
  by: scene.people.counselorOwner.user._id,
  kind: 'WARM' as const,
  note: Buffer.alloc(1),
  attempt: 0,
  until: new Date(scene.ctx.clock.now() + 60_000),
});
/** Asked of counselorColleague, with a note that is really sealed. */
const asked = async (scene: Scene) => {
  const { session } = await makeSession(scene);
  const note = await sealNote(scene.ctx, session, { state: '稳定' });
  await scene.ctx.models.Conversation.updateOne(
    { _id: session._id },
    { $set: { transfer: { ...transfer(scene), note, attempt: session.attempt } } },
  );
  return id(session);
};
const ASKED = ours([404, 'counselors'], ['ok', 'counselorColleague']);
const transfers: Row[] = [
  at('GET /api/v1/me/transfers', ours(['ok', 'counselors', 'supervisors']), () => '/api/v1/me/transfers'),
  row('POST /api/v1/conversations/{id}/transfer-offer', GIVERS, async (scene) => ({
    path: `/api/v1/conversations/${id((await makeSession(scene)).session)}/transfer-offer`,
    json: { counselor: scene.people.counselorColleague.id, note: { state: '稳定' } },
  })),
  // Who has it already is answered what stands.
  row(
    'POST /api/v1/conversations/{id}/transfer-accept',
    { ...ASKED, counselorOwner: 'ok' },
    async (scene) => ({
      path: `/api/v1/conversations/${await asked(scene)}/transfer-accept`,
      json: {},
    }),
  ),
  row('POST /api/v1/conversations/{id}/transfer-decline', ASKED, async (scene) => ({
    path: `/api/v1/conversations/${await asked(scene)}/transfer-decline`,
    json: {},
  })),
  row('POST /api/v1/conversations/{id}/transfer-withdraw', GIVERS, async (scene) => ({
    path: `/api/v1/conversations/${await asked(scene)}/transfer-withdraw`,
    json: {},
  })),
  row('POST /api/v1/conversations/{id}/give-back', GIVERS, async (scene) => ({
    path: `/api/v1/conversations/${id((await makeSession(scene)).session)}/give-back`,
    json: {},
  })),
  row('POST /api/v1/conversations/{id}/end-overlap', its(403), async (scene) => ({
    path: `/api/v1/conversations/${id((await makeSession(scene)).session)}/end-overlap`,
    json: {},
  })),
];

/** Each sees their own reach of their own institution. */
const wall: Row[] = [at('GET /api/v1/wall', STAFF, () => '/api/v1/wall')];

/** Only who was called knows that there is a call. */
const CALLED = ours(['ok', 'supervisorCalled'], [404, 'supervisorBound', 'supervisorUnbound']);
const called = async (scene: Scene, state: 'CALLED' | 'ACCEPTED') => {
  const { thread } = await makeSession(scene);
  await scene.ctx.models.Conversation.updateOne({ _id: thread._id }, { $set: { 'calls.0.state': state } });
  return id(thread);
};
/** Bound and called supervisors step into a session; whoever they are to it is asked first. */
const STEPS = ours(['ok', 'supervisorBound', 'supervisorCalled']);
const ladder: Row[] = [
  ...(['conversations', 'supervisions'] as const).map((noun) =>
    row(`POST /api/v1/${noun}/{id}/step-in`, noun === 'supervisions' ? CALLED : STEPS, async (scene) => ({
      path: `/api/v1/${noun}/${noun === 'supervisions' ? await called(scene, 'CALLED') : id(scene.session)}/step-in`,
      json: { step: 'WATCH' },
    })),
  ),
  row('POST /api/v1/conversations/{id}/step-out', STEPS, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/step-out`,
    json: {},
  })),
  row('POST /api/v1/conversations/{id}/whisper', STEPS, ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/whisper`,
    json: { clientMsgId: fresh('w'), text: '先问安全计划' },
  })),
  at(
    'GET /api/v1/conversations/{id}/notes',
    ITS_STAFF,
    ({ session }) => `/api/v1/conversations/${id(session)}/notes`,
  ),
  row(
    'POST /api/v1/conversations/{id}/notes',
    ours(['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled'], [404, 'counselorForeign']),
    ({ session }) => ({
      path: `/api/v1/conversations/${id(session)}/notes`,
      json: { clientMsgId: fresh('n'), text: '下次问睡眠' },
    }),
  ),
  row('POST /api/v1/conversations/{id}/hand-back', ours([422, 'supervisorBound']), ({ session }) => ({
    path: `/api/v1/conversations/${id(session)}/hand-back`,
    json: { to: 'queue' },
  })),
];
const supervisions: Row[] = [
  at('GET /api/v1/supervisions', ours(['ok', 'supervisors']), () => '/api/v1/supervisions'),
  ...(['accept', 'decline', 'leave'] as const).map((verb) =>
    row(`POST /api/v1/supervisions/{id}/${verb}`, CALLED, async (scene) => ({
      path: `/api/v1/supervisions/${await called(scene, verb === 'leave' ? 'ACCEPTED' : 'CALLED')}/${verb}`,
      json: {},
    })),
  ),
];

async function exportOf({ ctx, people, session }: Scene): Promise<string> {
  const task = await ctx.models.ExportTask.create({
    institution: 'ecnu',
    asker: people.counselorOwner.user._id,
    conversations: [session._id],
    format: 'txt',
    status: 'QUEUED',
    createdAt: new Date(ctx.clock.now()),
  });
  return id(task);
}
/** An export is its asker's alone, whoever else may read the session. */
const ITS_ASKER = ours([404, 'staff'], ['ok', 'counselorOwner']);
const exports: Row[] = [
  at('GET /api/v1/exports', STAFF, () => '/api/v1/exports'),
  at('GET /api/v1/exports/{id}', ITS_ASKER, async (scene) => `/api/v1/exports/${await exportOf(scene)}`),
  row('POST /api/v1/exports/{id}/cancel', ITS_ASKER, async (scene) => ({
    path: `/api/v1/exports/${await exportOf(scene)}/cancel`,
    json: {},
  })),
  // Nothing is built here: to its asker, too, there is no file yet.
  ...(['file', 'proof'] as const).map((which) =>
    at(
      `GET /api/v1/exports/{id}/${which}`,
      ours([404, 'staff']),
      async (scene) => `/api/v1/exports/${await exportOf(scene)}/${which}`,
    ),
  ),
  at('GET /api/v1/seal-keys', EVERYBODY, () => '/api/v1/seal-keys'),
];

async function letterOf({ ctx }: Scene): Promise<string> {
  const body = JSON.stringify({ MsgKey: fresh('letter') });
  await keepDeadLetter(ctx, { command: 'Contract.Unknown', reason: 'unknown-command', body });
  const letter = await ctx.models.DeadLetter.findOne().sort({ _id: -1 }).lean().orFail();
  return id(letter);
}
const letters: Row[] = [
  at('GET /api/v1/im/dead-letters', SYSTEM, () => '/api/v1/im/dead-letters?page=1&size=50'),
  at(
    'GET /api/v1/im/dead-letters/{id}',
    SYSTEM,
    async (scene) => `/api/v1/im/dead-letters/${await letterOf(scene)}`,
  ),
  row('POST /api/v1/im/dead-letters/{id}/retry', SYSTEM, async (scene) => ({
    path: `/api/v1/im/dead-letters/${await letterOf(scene)}/retry`,
    json: {},
  })),
  at('GET /api/v1/im/reports', SYSTEM, () => '/api/v1/im/reports?page=1&size=50'),
  // The demo's app exists nowhere: whoever may ask is told so.
  row('POST /api/v1/im/reports', ours([422, 'systemAdmin']), {
    path: '/api/v1/im/reports',
    json: { days: 2 },
  }),
];

export async function orderOf({ ctx, people }: Scene, status: OrderStatus): Promise<number> {
  const caseID = await nextCaseID(ctx);
  const startAt = new Date(Date.UTC(2031, 0, 1) + caseID * 3_600_000);
  await ctx.models.Order.create({
    caseID,
    number: fresh('2031'),
    consultant: people.counselorOwner.user._id,
    institution: 'ecnu',
    client: people.visitorOwner.user._id,
    person: fresh('p'),
    type: '线下咨询',
    day: '2031-01-01',
    startAt,
    endAt: new Date(startAt.getTime() + 3_600_000),
    status,
    createdAt: new Date(ctx.clock.now()),
  });
  return caseID;
}
let days = 0;
/** Another day each time, on which counselorOwner can be booked. */
async function workDay({ ctx, people }: Scene): Promise<string> {
  days += 1;
  const day = new Date(Date.UTC(2031, 2, days)).toISOString().slice(0, 10);
  const consultant = people.counselorOwner.user._id;
  const spans = [{ id: 1, from: '00:00', to: '24:00' }];
  await ctx.models.WorkDay.create({ _id: new Types.ObjectId(), consultant, institution: 'ecnu', day, spans });
  return day;
}
const orders: Row[] = [
  ...(
    [
      ['accept', 'PENDING'],
      ['reject', 'PENDING'],
      ['start', 'WAITING'],
      ['finish', 'IN_PROGRESS'],
    ] as const
  ).map(([verb, status]) =>
    row(`POST /api/v1/orders/{id}/${verb}`, ITS_COUNSELOR, async (scene) => ({
      path: `/api/v1/orders/${String(await orderOf(scene, status))}/${verb}`,
      json: verb === 'reject' ? { reason: '时间冲突' } : {},
    })),
  ),
  at('GET /api/v1/consultants', VISITORS, () => '/api/v1/consultants'),
  at('GET /api/v1/consultants/{userID}/slots', VISITORS, async (scene) => {
    const day = await workDay(scene);
    return `/api/v1/consultants/${String(scene.people.counselorOwner.user.userID)}/slots?date=${day}`;
  }),
  row('POST /api/v1/bookings', VISITORS, async (scene) => {
    const date = await workDay(scene);
    const consultant = scene.people.counselorOwner.user.userID;
    const client = { name: '张三', age: '19', gender: '女', type: '线下咨询', contact: '13812345678' };
    return {
      path: '/api/v1/bookings',
      json: { consultant, ...client, date, time: '09:00-10:00', keyWords: [] },
    };
  }),
  at('GET /api/v1/bookings', VISITORS, () => '/api/v1/bookings'),
  row('DELETE /api/v1/bookings/{id}', ITS_VISITOR, async (scene) => ({
    path: `/api/v1/bookings/${String(await orderOf(scene, 'PENDING'))}`,
  })),
  row(
    'PUT /api/v1/institutions/{code}/prices',
    ours(['ok', 'adminOwn', 'systemAdmin'], [404, 'adminForeign']),
    { path: '/api/v1/institutions/ecnu/prices', json: { 在线咨询: 100, 线下咨询: 200 } },
  ),
];

async function emailCode({ ctx, people }: Scene): Promise<{ account: string; verificationCode: string }> {
  const account = `${fresh('account')}@example.com`;
  await sendCode(ctx, accountOf(ctx, 'email', account), null, fresh('10.1.0.'));
  const [newest] = await readOutbox(ctx, await authenticatedActor(ctx, people.systemAdmin.token), account);
  return { account, verificationCode: newest?.code ?? '' };
}
async function alone({ ctx }: Scene): Promise<Person> {
  const made = await person(ctx, 'COUNSELOR', 'other');
  await ctx.models.User.updateOne(
    { _id: made.user._id },
    {
      $set: {
        institution: aloneCode(made.user.userID),
        phone: null,
        phoneIndex: null,
        emergencyContact: null,
      },
    },
  );
  return made;
}
const makeGuest = (scene: Scene, visitor: Person) =>
  scene.ctx.models.User.updateOne({ _id: visitor.user._id }, { $set: { device: fresh('device') } });
const people: Row[] = [
  at('GET /api/v1/hours', EVERYBODY, () => '/api/v1/hours'),
  row('POST /api/v1/guest', EVERYBODY, () => ({
    path: '/api/v1/guest',
    json: { device: fresh('contract-device-0000').padEnd(24, 'x'), institution: 'ecnu', name: '小雨' },
  })),
  // A guest is who their device says.
  row('POST /api/v1/me/return-code', VISITORS, async (scene, as) => {
    if (as) await makeGuest(scene, as);
    return { path: '/api/v1/me/return-code', json: {} };
  }),
  row('POST /api/v1/guest/return', EVERYBODY, async (scene) => {
    const visitor = await person(scene.ctx, 'VISITOR', 'other');
    await makeGuest(scene, visitor);
    const { code } = await issueReturnCode(scene.ctx, await authenticatedActor(scene.ctx, visitor.token));
    return { path: '/api/v1/guest/return', json: { code, institution: 'other' } };
  }),
  row('POST /api/v1/consent', VISITORS, async ({ ctx }, as) => {
    const { consentVersion: version } = await ctx.policies.get(as?.user.institution ?? 'ecnu');
    return { path: '/api/v1/consent', json: { version, research: false } };
  }),
  at('GET /api/v1/me/notice', VISITORS, () => '/api/v1/me/notice'),
  row('PUT /api/v1/me/notice', VISITORS, { path: '/api/v1/me/notice', json: { wanted: true } }),
  at('GET /api/v1/me/duty', COUNSELORS, () => '/api/v1/me/duty'),
  row('PUT /api/v1/me/presence', COUNSELORS, { path: '/api/v1/me/presence', json: { state: 'online' } }),
  row(
    'PUT /api/v1/me/account',
    STAFF,
    async (scene) => ({
      path: '/api/v1/me/account',
      json: { accountType: 'email', ...(await emailCode(scene)) },
    }),
    { consumes: 'person' },
  ),
  row(
    'POST /api/v1/institutions/{code}/members',
    ours(['ok', 'adminOwn', 'systemAdmin'], [404, 'adminForeign']),
    async (scene) => ({
      path: '/api/v1/institutions/ecnu/members',
      json: { userID: (await alone(scene)).user.userID },
    }),
  ),
  // A name that nobody has: the picture itself is public.
  at('GET /api/v1/avatars/{name}', cells(404), () => '/api/v1/avatars/nobody.webp'),
  // The signed address is what lets in; a forged one names nothing, whoever holds it.
  at(
    'GET /api/v1/record-files/{id}/{name}',
    cells(404),
    () => '/api/v1/record-files/1/none.webp?expires=9999999999999&signature=forged',
  ),
  at('GET /api/v1/dev/outbox', SYSTEM, () => '/api/v1/dev/outbox'),
];

export const oursRows: Row[] = [
  ...conversations,
  ...edges,
  ...rules,
  ...supervisions,
  ...wall,
  ...transfers,
  ...ladder,
  ...exports,
  ...letters,
  ...orders,
  ...people,
];
