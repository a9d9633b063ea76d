/** The first document's example requests, byte for byte, answered as it documents. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashPassword, md5OfClear } from '../../services/account/password.js';
import { makePerson, type Person } from '../support/factories.js';
import { send } from './table/send.js';
import { startStage, type Stage } from './table/stage.js';

const OK = { code: 0, message: 'OK', result: 'ok' };
const TAKEN = { code: -2, message: '用户名已存在!', result: null };
const UNKNOWN = { code: -4, message: expect.any(String), result: null };
const DENIED = (path: string) => ({
  timestamp: expect.stringMatching(/\+00:00$/),
  status: 403,
  error: 'Forbidden',
  message: 'Access Denied',
  path,
});

let stage: Stage;
let visitor: Person;
beforeAll(async () => {
  stage = await startStage();
  visitor = stage.scene.people.visitorOther;
  // The document's user, made once in its first example.
  const { ctx } = stage.scene;
  const passwordHash = await hashPassword(ctx, '173afad5992a3f73a472fc09b05b1fb7');
  await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { username: 'admin', passwordHash });
});
afterAll(async () => {
  await stage.stop();
});

type Who = 'nobody' | 'admin' | 'visitor' | 'counselor' | 'old';
const EXAMPLES: [
  section: string,
  who: Who,
  method: string,
  path: string,
  body: string | undefined,
  answer: unknown,
][] = [
  [
    '1',
    'nobody',
    'POST',
    '/auth/login',
    `{
    "username":"admin",
    "password":"173afad5992a3f73a472fc09b05b1fb7"
}`,
    OK,
  ],
  [
    '1, refused',
    'nobody',
    'POST',
    '/auth/login',
    `{
    "username":"nobody",
    "password":"173afad5992a3f73a472fc09b05b1fb7"
}`,
    { code: -3, message: '该用户名不存在或已被禁用,请核实后再登录!', result: null },
  ],
  ['2', 'nobody', 'POST', '/logout', undefined, DENIED('/login')],
  ['4, refused', 'nobody', 'GET', '/auth/me', undefined, DENIED('/auth/me')],
  [
    '5, taken',
    'admin',
    'PUT',
    '/user/ms',
    `{
  "username":"admin",
  "password":"173afad5992a3f73a472fc09b05b1fb7",
  "role": "ROLE_SUPERVISOR"
}`,
    TAKEN,
  ],
  [
    '8, taken',
    'admin',
    'PUT',
    '/user/ms/supervisor',
    `{
  "username":"admin",
  "password":"173afad5992a3f73a472fc09b05b1fb7",
  "role": "ROLE_SUPERVISOR"
}`,
    TAKEN,
  ],
  [
    '9, taken',
    'admin',
    'PUT',
    '/user/ms/counselor',
    `{
    "username":"admin",
    "password":"173afad5992a3f73a472fc09b05b1fb7",
    "role": "ROLE_SUPERVISOR"
}`,
    TAKEN,
  ],
  [
    '17',
    'old',
    'POST',
    '/user/password',
    `{
   "oldPassword": "e10adc3949ba59abbe56e057f20f883e",
   "password": "173afad5992a3f73a472fc09b05b1fb7"
}`,
    OK,
  ],
  [
    '18',
    'visitor',
    'POST',
    '/user/update',
    `{
   "name": "",
   "phoneNumber": "",
   "emergencyContact": "",
   "emergencyPhone": ""
}`,
    OK,
  ],
  [
    '21',
    'counselor',
    'POST',
    '/user/maxconsults',
    `{
   "maxConsults": 0
}`,
    OK,
  ],
  [
    '22',
    'admin',
    'PUT',
    '/arrange',
    `{
  "timestamp": "1624611640763",
  "users": [
    "402881447a3cf9cb017a3cf9d2580023",
    "402881447a3cf9cb017a3cf9d2640025"
]
}`,
    UNKNOWN,
  ],
  [
    '23',
    'admin',
    'POST',
    '/arrange/batch',
    `{
   "weekDays": [
    1,
    3,
    5
   ],
   "user": "402881327913575d0179176728290000"
}`,
    UNKNOWN,
  ],
  [
    '24',
    'visitor',
    'GET',
    '/arrange/theday?timestamp=1624809600000&type=SUPERVISOR&state&page&size',
    undefined,
    { code: 0, message: 'OK', result: [], count: 0, next: null },
  ],
  [
    '26a',
    'visitor',
    'PUT',
    '/conversation',
    `{
    "counselor": "2c93189d7b53e68e017b53ead62d002c"
}`,
    UNKNOWN,
  ],
  ['26b', 'visitor', 'POST', '/conversation/end/4028811e7b15c999017b15cd6e020000', undefined, UNKNOWN],
  [
    '27',
    'counselor',
    'PUT',
    '/conversation/supervise?supervise=2c93189d7b53e68e017b53e69bb70025&conversationId=2c93189d7b53e68e017b53e69bb70025',
    undefined,
    UNKNOWN,
  ],
  [
    '35',
    'admin',
    'POST',
    '/conversation/batchexport',
    `[
"402881217ba948d4017ba9787e2d000b",
"402881217ba948d4017ba97cf3d7000c"
]`,
    { code: -5, message: expect.stringContaining('402881217ba948d4017ba97cf3d7000c'), result: null },
  ],
  ['36', 'admin', 'DELETE', '/conversation/402881217d0da5b1017d0da864880002', undefined, UNKNOWN],
  ['37, refused', 'nobody', 'POST', '/im/sig', undefined, DENIED('/im/sig')],
  [
    '38a',
    'visitor',
    'PUT',
    '/evaluate',
    `{
   "conversationId": "",
   "objectType": "CONVERSATION"
}`,
    { code: -2, message: expect.any(String), result: null },
  ],
];

test.each(EXAMPLES)('section %s', async (_section, who, method, path, text, answer) => {
  const { people, ctx } = stage.scene;
  const callers: Record<Who, Person | null> = {
    nobody: null,
    admin: people.adminOwn,
    visitor,
    counselor: people.counselorColleague,
    old:
      who === 'old'
        ? await makePerson(ctx, 'COUNSELOR', { passwordHash: await hashPassword(ctx, md5OfClear('123456')) })
        : null,
  };
  const got = await send(
    stage.url,
    'hotline',
    method,
    { path, ...(text === undefined ? {} : { text }) },
    callers[who],
  );
  expect(got.body).toEqual(answer);
});

test('section 5: the first time', async () => {
  const text = `{
  "username":"contract-first",
  "password":"173afad5992a3f73a472fc09b05b1fb7",
  "role": "ROLE_SUPERVISOR"
}`;
  const got = await send(
    stage.url,
    'hotline',
    'PUT',
    { path: '/user/ms', text },
    stage.scene.people.systemAdmin,
  );
  expect(got.body).toEqual(OK);
});

test('section 19: the example with supervisors of the institution', async () => {
  const { people } = stage.scene;
  const text = `{
    "username": "jiangxianjie",
    "name": "jiang",
    "age": "19",
    "gender": "男",
    "phoneNumber": "13823456789",
    "idNumber": "43230019950616001X",
    "department": "323",
    "title": "3213",
    "email": "21312dsfs@qq.com",
    "supervisors": [
        "${people.supervisorBound.id}",
        "${people.supervisorCalled.id}"
    ]
}`;
  const path = `/user/ms/counselor/${people.counselorColleague.id}`;
  const got = await send(stage.url, 'hotline', 'POST', { path, text }, people.adminOwn);
  expect(got.body).toEqual(OK);
});

test('section 38b: a message of strangers is answered OK', async () => {
  const path =
    '/message/callback?SdkAppid=1400513208&CallbackCommand=C2C.CallbackAfterSendMsg&contentType=JSON&ClientIP=127.0.0.1&OptPlatform=RESTAPI';
  const text = `{
  "CallbackCommand": "C2C.CallbackAfterSendMsg",
 "From_Account": "jared",
 "To_Account": "Jonh",
 "MsgSeq": 48374,
  "MsgRandom": 2837546,
 "MsgTime": 1557481126,
 "MsgKey": "48374_2837546_1557481126",
  "OnlineOnlyFlag": 1,
 "SendMsgResult": 0,
 "ErrorInfo": "send msg succeed",
  "UnreadMsgNum": 7,
  "MsgBody": [
    {
      "MsgType": "TIMTextElem",
      "MsgContent": {
        "Text": "red packet"
      }
   }
  ],
  "CloudCustomData": "your cloud custom data"
}`;
  const got = await send(stage.url, 'tencent', 'POST', { path, text }, null);
  expect(got.body).toEqual({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 });
});
