import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../../platform/config.js';
import { userSig, verifyUserSig } from '../../../services/im/user-sig.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makePerson } from '../../support/factories.js';

const APP = {
  sdkAppId: 1_400_000_000,
  secretKey: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e',
};
/** Signed for visitor_1 at 1700000000 for 604800 s. */
const VECTOR =
  'eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwmWZxZkl*UXxhlDJ4pTsxIKCzBQlK0MTAyiAyJRk5qYqWRmao4qmVhRkFqUqWZkZmFjAxIoz05WslMJT-V1CQ30rQrSzKxxzDArTnH3SyrP9fLW9fNPc-C0SPc1D8jID8s1MPTxtlWoBtJQyCA__';
const AT = 1_700_000_000_000;

test('the vector verifies while it lasts, for its app and key only', () => {
  const signed = { userId: 'visitor_1', sdkAppId: APP.sdkAppId, expiresAt: 1_700_604_800 };
  expect(verifyUserSig(APP, VECTOR, AT)).toEqual(signed);
  expect(verifyUserSig(APP, VECTOR, AT + 604_799_000)).toEqual(signed);
  expect(verifyUserSig(APP, VECTOR, AT + 604_800_000)).toBeNull();
  expect(verifyUserSig({ ...APP, sdkAppId: 1 }, VECTOR, AT)).toBeNull();
  expect(verifyUserSig({ ...APP, secretKey: 'x' }, VECTOR, AT)).toBeNull();
  expect(verifyUserSig(APP, VECTOR.slice(0, 60), AT)).toBeNull();
  expect(verifyUserSig(APP, '', AT)).toBeNull();
});

test('what we sign verifies; an id that Tencent would not take is refused', () => {
  const now = Date.now();
  expect(verifyUserSig(APP, userSig(APP, 'a'.repeat(24), 60), now)).toMatchObject({ userId: 'a'.repeat(24) });
  expect(() => userSig(APP, 'b5a3c2f0-0000-4000-8000-000000000000', 60)).toThrow(RangeError);
  expect(() => userSig(APP, '', 60)).toThrow(RangeError);
});

test('production wants key and callback token beside the app id, and no stand-in', () => {
  const production = {
    NODE_ENV: 'production',
    MONGODB_URL: 'mongodb://db',
    REDIS_URL: 'redis://r',
    PUBLIC_URL: 'https://hotline.example',
    JWT_SECRET: 'j'.repeat(40),
    PEPPER: 'p',
    DATA_KEY: Buffer.alloc(32, 3).toString('base64'),
  };
  expect(loadConfig(production).im).toBeNull();
  const faults = (env: Record<string, string>) => {
    try {
      loadConfig({ ...production, ...env });
      return '';
    } catch (error) {
      return (error as ConfigError).message;
    }
  };
  const own = { IM_SDK_APP_ID: '1400000000', IM_SECRET_KEY: APP.secretKey, IM_CALLBACK_TOKEN: 'token' };
  expect(faults({ IM_SDK_APP_ID: '1400000000' })).toMatch(/IM_SECRET_KEY[\s\S]*IM_CALLBACK_TOKEN/);
  for (const url of ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:9'])
    expect(faults({ ...own, IM_URL: url })).toMatch(/IM_URL/);
  expect(loadConfig({ ...production, ...own }).im).toMatchObject({ sdkAppId: 1_400_000_000, mirror: true });
});

let hotline: Hotline;
let bare: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ env: { IM_SDK_APP_ID: '1400000000', IM_SECRET_KEY: APP.secretKey } });
  bare = await startHotline({ env: { DEMO: '0' } });
});
afterAll(async () => {
  await hotline.stop();
  await bare.stop();
});

test('section 37: a UserSig for one’s own id, on both spellings of the path; what the body says counts for nothing', async () => {
  const person = await makePerson(hotline.node.ctx, 'COUNSELOR');
  for (const path of ['/im/sign', '/im/sig']) {
    const options = { token: person.token, json: { identifier: 'administrator', userId: 'someone' } };
    const answer = await http(hotline.node.url, 'POST', path, options);
    expect(answer.body).toMatchObject({ code: 0, message: 'OK' });
    expect(verifyUserSig(APP, String(answer.body.result), Date.now())).toMatchObject({ userId: person.id });
  }
  const empty = await fetch(`${hotline.node.url}/im/sign`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
  });
  expect(await empty.json()).toMatchObject({ code: 0 });
});

test('section 37: not signed in is the documented 403; not set up is -1 with words', async () => {
  const stranger = await http(hotline.node.url, 'POST', '/im/sig');
  expect([stranger.status, stranger.body]).toMatchObject([
    403,
    { message: 'Access Denied', path: '/im/sig' },
  ]);
  const person = await makePerson(bare.node.ctx, 'VISITOR');
  const answer = await http(bare.node.url, 'POST', '/im/sign', { token: person.token });
  expect([answer.status, answer.body]).toEqual([
    200,
    { code: -1, message: expect.stringContaining('没有开通'), result: null },
  ]);
});
