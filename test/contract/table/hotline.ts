/** The first document: who may call what, cell by cell, from the `who` and `rules` of endpoints.tsv. */
import { ensureDuty } from '../../../services/matchmaking/seat.js';
import type { Role } from '../../../contract/enums.js';
import { md5OfClear } from '../../../services/account/password.js';
import { makePerson } from '../../support/factories.js';
import { cells, hotline } from './principals.js';
import { row, type Row } from './row.js';
import { APPID, CANARY, endedSession, fresh, makeSession, PASSWORD, type Scene } from './scene.js';

const EVERYBODY = cells('ok');
const SIGNED_IN = hotline(['ok', 'visitors', 'staff']);
const STAFF = hotline(['ok', 'staff']);
/** On somebody or something of ecnu: another institution's admin finds nothing. */
const ADMINS = hotline(['ok', 'admins'], [-4, 'adminForeign']);
const ADMINS_AND_SUPERVISORS = hotline(['ok', 'admins', 'supervisors'], [-4, 'adminForeign']);
/** What adds to the caller's own institution or lists it. */
const ANY_ADMIN = hotline(['ok', 'admins']);
const ANY_ADMIN_OR_SUPERVISOR = hotline(['ok', 'admins', 'supervisors']);
/** Who may read a session: a party, or who may under 28. */
const READERS = hotline(
  ['ok', 'visitorOwner', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
  [-5, 'visitorOther', 'counselorColleague', 'supervisorUnbound'],
  [-4, 'counselorForeign', 'adminForeign'],
);

const someone = (scene: Scene, role: Role) => makePerson(scene.ctx, role);
const id = (document: { _id: { toHexString(): string } }) => document._id.toHexString();
// Keeps the canary: those who are renamed here are looked for in later answers.
const edit = {
  name: `${CANARY}-新名`,
  phoneNumber: '13823456789',
  ...{ idNumber: '', department: '', title: '', email: '' },
};
const added = () => ({ username: fresh('added'), password: md5OfClear('contract-added'), name: '新人' });

const users: Row[] = [
  row('POST /auth/login', EVERYBODY, ({ people }) => ({
    path: '/auth/login',
    json: { username: people.counselorColleague.user.username, password: PASSWORD },
  })),
  row('POST /logout', cells('403 body'), { path: '/logout' }, { consumes: 'session' }),
  row('POST /auth/wx/{appid}/login', EVERYBODY, { path: `/auth/wx/${APPID}/login?code=demo:contract` }),
  row('GET /auth/me', SIGNED_IN, { path: '/auth/me' }),
  row('PUT /user/ms', ANY_ADMIN, () => ({
    path: '/user/ms',
    json: { ...added(), name: undefined, role: 'ROLE_COUNSELOR' },
  })),
  row(
    'PUT /user/ms',
    hotline([-5, 'adminOwn', 'adminForeign'], ['ok', 'systemAdmin']),
    () => ({
      path: '/user/ms',
      json: { ...added(), name: undefined, role: 'ROLE_SYSTEM_ADMINISTRATOR' },
    }),
    { of: 'a role above an institution admin’s' },
  ),
  row('GET /user/list', ANY_ADMIN_OR_SUPERVISOR, { path: '/user/list?page=1&size=200' }),
  row(
    'GET /user/list',
    ANY_ADMIN_OR_SUPERVISOR,
    { path: '/user/list?type=VISITOR&page=1&size=200&name=' },
    {
      of: 'visitors',
    },
  ),
  row('POST /wx/user/{appid}/phone', hotline(['ok', 'visitorOwner'], [-1, 'visitorOther']), {
    path: `/wx/user/${APPID}/phone`,
    json: { code: 'demo:18501799792' },
  }),
  row('PUT /user/ms/supervisor', ANY_ADMIN, () => ({ path: '/user/ms/supervisor', json: added() })),
  row('PUT /user/ms/counselor', ANY_ADMIN_OR_SUPERVISOR, () => ({
    path: '/user/ms/counselor',
    json: added(),
  })),
  row('GET /user/ms/supervisor/list', SIGNED_IN, { path: '/user/ms/supervisor/list?page=1&size=200&name=' }),
  row('GET /user/ms/counselor/list', SIGNED_IN, { path: '/user/ms/counselor/list?page=1&size=200&name=' }),
  row(
    'POST /user/ms/supervisor',
    hotline(
      ['ok', 'supervisorBound', 'admins'],
      [-5, 'supervisorCalled', 'supervisorUnbound'],
      [-4, 'adminForeign'],
    ),
    ({ people }) => ({
      path: '/user/ms/supervisor',
      json: {
        ...edit,
        username: people.supervisorBound.user.username,
        qualification: '',
        qualificationcode: '',
      },
    }),
    { of: 'supervisorBound' },
  ),
  row(
    'POST /user/ms/counselor',
    // The foreign one may edit themselves here, and for them nobody of ecnu exists.
    hotline(
      ['ok', 'counselorOwner', 'admins'],
      [-5, 'counselorColleague'],
      [-4, 'adminForeign', 'counselorForeign'],
    ),
    ({ people }) => ({
      path: '/user/ms/counselor',
      json: { ...edit, username: people.counselorOwner.user.username },
    }),
    { of: 'counselorOwner' },
  ),
  row('DELETE /user/ms/supervisor/{username}', ADMINS, async (scene) => ({
    path: `/user/ms/supervisor/${(await someone(scene, 'SUPERVISOR')).user.username}`,
  })),
  row('DELETE /user/ms/counselor/{username}', ADMINS, async (scene) => ({
    path: `/user/ms/counselor/${(await someone(scene, 'COUNSELOR')).user.username}`,
  })),
  row('POST /user/ban/{userId}', ADMINS_AND_SUPERVISORS, async (scene) => ({
    path: `/user/ban/${(await someone(scene, 'VISITOR')).id}`,
    json: { reason: '测试' },
  })),
  row(
    'POST /user/ban/{userId}',
    hotline(['ok', 'adminOwn', 'systemAdmin'], [-5, 'supervisors'], [-4, 'adminForeign']),
    async (scene) => ({ path: `/user/ban/${(await someone(scene, 'COUNSELOR')).id}` }),
    { of: 'staff, without a body' },
  ),
  row(
    'POST /user/ban/{userId}',
    hotline([-5, 'adminOwn', 'supervisors'], ['ok', 'systemAdmin'], [-4, 'adminForeign']),
    async (scene) => ({ path: `/user/ban/${(await someone(scene, 'SYSTEM_ADMINISTRATOR')).id}` }),
    { of: 'a system admin' },
  ),
  row(
    'POST /user/password',
    STAFF,
    () => ({
      path: '/user/password',
      json: { oldPassword: PASSWORD, password: md5OfClear(fresh('another-password-')) },
    }),
    { consumes: 'person' },
  ),
  row(
    'POST /user/update',
    hotline(['ok', 'visitors']),
    {
      path: '/user/update',
      json: { name: '', phoneNumber: '', emergencyContact: '', emergencyPhone: '' },
    },
    { consumes: 'person' },
  ),
  row(
    'POST /user/ms/counselor/{userId}',
    hotline(
      ['ok', 'supervisorBound', 'admins'],
      [-5, 'supervisorCalled', 'supervisorUnbound'],
      [-4, 'adminForeign'],
    ),
    ({ people }) => ({
      path: `/user/ms/counselor/${people.counselorOwner.id}`,
      json: {
        ...edit,
        username: people.counselorOwner.user.username,
        age: '19',
        gender: '男',
        supervisors: [people.supervisorBound.id],
        maxConsults: 50,
      },
    }),
  ),
  row('POST /user/active/{id}', ADMINS_AND_SUPERVISORS, async (scene) => ({
    path: `/user/active/${(await someone(scene, 'VISITOR')).id}`,
  })),
  row(
    'POST /user/active/{id}',
    hotline(['ok', 'adminOwn', 'systemAdmin'], [-5, 'supervisors'], [-4, 'adminForeign']),
    async (scene) => ({ path: `/user/active/${(await someone(scene, 'COUNSELOR')).id}` }),
    { of: 'staff' },
  ),
  row('POST /user/maxconsults', hotline(['ok', 'counselors']), {
    path: '/user/maxconsults',
    json: { maxConsults: 50 },
  }),
];

const roster: Row[] = [
  row('PUT /arrange', ADMINS_AND_SUPERVISORS, ({ people }) => ({
    path: '/arrange',
    json: { timestamp: '1624611640763', users: [people.counselorOwner.id, people.supervisorBound.id] },
  })),
  row('POST /arrange/batch', ADMINS_AND_SUPERVISORS, ({ people }) => ({
    path: '/arrange/batch',
    json: { weekDays: [1, 3, 5], user: people.counselorColleague.id },
  })),
  row('GET /arrange/theday', SIGNED_IN, {
    path: '/arrange/theday?timestamp=1624611640763&type=COUNSELOR&state&page&size',
  }),
  row('DELETE /arrange/{id}', ADMINS_AND_SUPERVISORS, async ({ ctx, people }) => {
    const { _id } = await ctx.models.Arrange.create({
      user: people.counselorOwner.user._id,
      role: 'COUNSELOR',
      institution: 'ecnu',
      day: fresh('2031-day-'),
    });
    return { path: `/arrange/${_id.toHexString()}` };
  }),
];

const conversations: Row[] = [
  row('PUT /conversation', hotline(['ok', 'visitors']), async ({ ctx, people }) => {
    await ensureDuty(ctx, people.counselorColleague.user._id, 'ecnu');
    return { path: '/conversation', json: { counselor: people.counselorColleague.id } };
  }),
  row(
    'POST /conversation/end/{id}',
    // Admins of an institution and uncalled supervisors are not among those who may; only the former never.
    hotline(
      ['ok', 'visitorOwner', 'counselorOwner', 'systemAdmin'],
      [-5, 'visitorOther', 'counselorColleague', 'supervisors'],
      [-4, 'counselorForeign'],
    ),
    async (scene) => ({ path: `/conversation/end/${id((await makeSession(scene)).session)}` }),
    { of: 'a session' },
  ),
  row(
    'POST /conversation/end/{id}',
    hotline(
      ['ok', 'counselorOwner', 'supervisorCalled', 'systemAdmin'],
      [-5, 'visitors', 'counselorColleague', 'supervisorBound', 'supervisorUnbound'],
      [-4, 'counselorForeign'],
    ),
    async (scene) => ({ path: `/conversation/end/${id((await makeSession(scene)).thread)}` }),
    { of: 'a thread' },
  ),
  row(
    'PUT /conversation/supervise',
    hotline(['ok', 'counselorOwner'], [-5, 'counselorColleague'], [-4, 'counselorForeign']),
    ({ session, spareSupervisor }) => ({
      path: `/conversation/supervise?supervise=${spareSupervisor.id}&conversationId=${id(session)}`,
    }),
  ),
  row('GET /conversation/consultlist', STAFF, {
    path: '/conversation/consultlist?visitorName=&property=level&direction=desc&page=1&size=200',
  }),
  row(
    'GET /conversation/consultlist',
    STAFF,
    ({ people }) => ({ path: `/conversation/consultlist?counselor=${people.counselorOwner.id}` }),
    { of: 'of one counselor by id' },
  ),
  row('GET /conversation/current', hotline(['ok', 'visitors']), { path: '/conversation/current' }),
  row('GET /conversation/7statistics', STAFF, { path: '/conversation/7statistics' }),
  row('GET /conversation/numberranking', STAFF, { path: '/conversation/numberranking' }),
  row('GET /conversation/ratedranking', STAFF, { path: '/conversation/ratedranking' }),
  row('GET /conversation/todaychange', STAFF, { path: '/conversation/todaychange' }),
  row(
    'POST /conversation/export/{id}',
    hotline(
      ['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
      [-5, 'counselorColleague', 'supervisorUnbound'],
      [-4, 'counselorForeign', 'adminForeign'],
    ),
    ({ session }) => ({ path: `/conversation/export/${id(session)}?format=txt` }),
  ),
  row(
    'POST /conversation/batchexport',
    // Ids out of scope fail the whole call and are named; which institution they are of is not told.
    hotline(
      ['ok', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
      [-5, 'supervisorUnbound', 'adminForeign'],
    ),
    ({ session }) => ({ path: '/conversation/batchexport?format=txt', json: [id(session)] }),
  ),
  row('DELETE /conversation/{id}', ADMINS, async (scene) => ({
    path: `/conversation/${id((await endedSession(scene)).session)}`,
  })),
];

const others: Row[] = [
  row('POST /im/sign', SIGNED_IN, { path: '/im/sign' }),
  row('POST /im/sign', SIGNED_IN, { path: '/im/sig', json: {} }, { of: '/im/sig' }),
  ...(['CONVERSATION', 'COUNSELOR'] as const).map((objectType) =>
    row(
      'PUT /evaluate',
      hotline(
        ['ok', 'visitorOwner', 'supervisorBound', 'supervisorCalled'],
        [-5, 'visitorOther', 'supervisorUnbound'],
      ),
      async (scene) => ({
        path: '/evaluate',
        json: {
          conversationId: id((await endedSession(scene)).session),
          objectType,
          level: 5,
          content: '',
          tags: [],
        },
      }),
      { of: objectType },
    ),
  ),
  row('POST /message/callback', EVERYBODY, {
    path: '/message/callback?SdkAppid=1400513208&CallbackCommand=Contract.Unknown&contentType=JSON',
    json: { CallbackCommand: 'Contract.Unknown' },
  }),
  row(
    'GET /message/conversation/web',
    READERS,
    ({ session }) => ({
      path: `/message/conversation/web?conversationId=${id(session)}&page=1&size=50`,
    }),
    { of: 'a session' },
  ),
  row(
    'GET /message/conversation/web',
    hotline(
      ['ok', 'counselorOwner', 'supervisorBound', 'supervisorCalled', 'adminOwn', 'systemAdmin'],
      [-5, 'visitors', 'counselorColleague', 'supervisorUnbound'],
      [-4, 'counselorForeign', 'adminForeign'],
    ),
    ({ thread }) => ({ path: `/message/conversation/web?conversationId=${id(thread)}` }),
    { of: 'a thread' },
  ),
  row('GET /config', EVERYBODY, { path: '/config' }),
];

export const hotlineRows: Row[] = [...users, ...roster, ...conversations, ...others];
