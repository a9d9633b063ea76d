import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { User } from '../../../models/user.js';
import { createLimits } from '../../../services/limits.js';
import { logIn } from '../../../services/account/log-in.js';
import { hashPassword, md5OfClear } from '../../../services/account/password.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, testConfig, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makePerson } from '../../support/factories.js';
import { wordOf } from './word.js';

const RIGHT = md5OfClear('gentle-otter-42');
const WRONG = md5OfClear('gentle-otter-43');
const REFUSAL = '该用户名不存在或已被禁用,请核实后再登录!';

let hotline: Hotline;
let ctx: Ctx;
beforeAll(async () => {
  hotline = await startHotline();
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

async function staff(fields: Partial<User> = {}) {
  const passwordHash = await hashPassword(ctx, RIGHT);
  const { user } = await makePerson(ctx, 'COUNSELOR', { passwordHash, ...fields });
  return user;
}
const post = (json: unknown) => http(hotline.node.url, 'POST', '/auth/login', { json });

describe('log-in of staff (1)', () => {
  test('answers ok with a cookie and an Authorization header, each of which signs in', async () => {
    const { username } = await staff();
    const { status, headers, body } = await post({ username, password: RIGHT.toUpperCase() });
    expect([status, body]).toEqual([200, { code: 0, message: 'OK', result: 'ok' }]);
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^hotline=[^;]+; .*HttpOnly; SameSite=Lax/);
    const bearer = headers.get('authorization') ?? '';
    const carried: Record<string, string>[] = [
      { authorization: bearer },
      { cookie: cookie.split(';')[0] ?? '' },
    ];
    for (const sent of carried) {
      const me = await http(hotline.node.url, 'GET', '/auth/me', { headers: sent });
      expect(me.body.result).toMatchObject({
        username,
        type: 'COUNSELOR',
        roles: ['ROLE_COUNSELOR'],
        institutionCode: 'ecnu',
        authorities: { 'user.card': true, 'user.row': true },
      });
    }
  });

  test('an unknown name, a wrong password, a disabled, a deleted user and a visitor get the same answer', async () => {
    const known = await staff();
    const disabled = await staff({ enabled: false });
    const deleted = await staff({ deleted: true });
    const { user: visitor } = await makePerson(ctx, 'VISITOR');
    const answers = await Promise.all([
      post({ username: 'nobody-at-all', password: RIGHT }),
      post({ username: known.username, password: WRONG }),
      post({ username: disabled.username, password: RIGHT }),
      post({ username: deleted.username, password: RIGHT }),
      post({ username: visitor.username, password: RIGHT }),
    ]);
    for (const { status, headers, body } of answers) {
      expect([status, body]).toEqual([200, { code: -3, message: REFUSAL, result: null }]);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('authorization')).toBeNull();
    }
  });

  test('takes as long for an unknown name and a disabled user as for a wrong password', async () => {
    const slow: Ctx = { ...ctx, config: testConfig({ ARGON2_MEMORY: '32768', ARGON2_TIME: '3' }) };
    const passwordHash = await hashPassword(slow, RIGHT);
    const [known, disabled] = [await staff({ passwordHash }), await staff({ passwordHash, enabled: false })];
    const kinds = [
      { username: 'nobody', password: RIGHT },
      { username: known.username, password: WRONG },
      { username: disabled.username, password: RIGHT },
    ];
    const times = kinds.map((): number[] => []);
    for (let round = 0; round < 10; round += 1) {
      for (const [index, input] of kinds.entries()) {
        const began = process.cpuUsage();
        await logIn(slow, input, `10.9.${String(round)}.1`).catch(() => undefined);
        const { user, system } = process.cpuUsage(began);
        times[index]?.push(user + system);
      }
    }
    // Processor time and not the clock's, as other tests run beside this one; the least of each, as what else this
    // process does only adds to it. The hash is by far the longest part; without the dummy one the unknown name would
    // be many times quicker.
    const quickest = times.map((list) => Math.min(...list));
    expect(Math.max(...quickest) / Math.min(...quickest)).toBeLessThan(2);
  });

  test('the password in clear, in another form or as an object is malformed', async () => {
    for (const password of ['gentle-otter-42', '', { $ne: null }, `${RIGHT}0`, 5]) {
      expect((await post({ username: 'admin', password })).body.code).toBe(-2);
    }
    expect((await post({ username: { $ne: null }, password: RIGHT })).body.code).toBe(-2);
  });

  test('the first one activates, and a hash of older parameters is made anew', async () => {
    const user = await staff({ activated: false });
    const stronger: Ctx = { ...ctx, config: { ...ctx.config, ARGON2_MEMORY: 128 } };
    await logIn(stronger, { username: user.username, password: RIGHT }, '10.1.1.1');
    const stored = await ctx.models.User.findById(user._id).lean();
    expect(stored?.activated).toBe(true);
    expect(stored?.passwordHash).toMatch(/m=128,t=1/);
    await logIn(stronger, { username: user.username, password: RIGHT }, '10.1.1.1');
  });

  test('nothing stored holds the MD5', async () => {
    await staff();
    const dump = JSON.stringify(await ctx.models.User.find().lean());
    expect(dump).toContain('$argon2id$');
    expect(dump.toLowerCase()).not.toContain(RIGHT);
  });
});

describe('failed log-ins', () => {
  const fail = (username: string, address: string, on = ctx) =>
    wordOf(logIn(on, { username, password: WRONG }, address));
  const succeed = (username: string, address: string, on = ctx) =>
    wordOf(logIn(on, { username, password: RIGHT }, address));

  test('the eleventh is refused with 429, for this name and address only', async () => {
    const { username } = await staff();
    const other = await staff();
    for (let count = 0; count < 10; count += 1)
      expect(await fail(username, '10.2.0.1')).toBe('BAD_CREDENTIALS');
    expect(await fail(username, '10.2.0.1')).toBe('RATE_LIMITED');
    expect(await succeed(username, '10.2.0.1')).toBe('RATE_LIMITED');
    expect(await succeed(username, '10.2.0.2')).toBe('ok');
    expect(await succeed(other.username, '10.2.0.1')).toBe('ok');
  });

  test('over HTTP: HTTP 429, code -3, Retry-After', async () => {
    const { username } = await staff();
    for (let count = 0; count < 10; count += 1) await post({ username, password: WRONG });
    const { status, headers, body } = await post({ username, password: WRONG });
    expect([status, body.code]).toEqual([429, -3]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(60);
  });

  test('successes are not counted', async () => {
    const { username } = await staff();
    for (let count = 0; count < 9; count += 1) await fail(username, '10.3.0.1');
    for (let count = 0; count < 15; count += 1) expect(await succeed(username, '10.3.0.1')).toBe('ok');
    expect(await fail(username, '10.3.0.1')).toBe('BAD_CREDENTIALS');
    expect(await succeed(username, '10.3.0.1')).toBe('RATE_LIMITED');
  });

  test('a burst is judged like a row', async () => {
    const { username } = await staff();
    const words = await Promise.all(Array.from({ length: 40 }, () => fail(username, '10.4.0.1')));
    expect(words.filter((word) => word === 'BAD_CREDENTIALS')).toHaveLength(10);
    expect(words.filter((word) => word === 'RATE_LIMITED')).toHaveLength(30);
  });

  test('are limited while Redis is away, too', async () => {
    const redis = ctx.redis.duplicate();
    redis.disconnect();
    const alone: Ctx = { ...ctx, limits: createLimits({ redis, config: ctx.config }) };
    const { username } = await staff();
    for (let count = 0; count < 10; count += 1)
      expect(await fail(username, '10.5.0.1', alone)).toBe('BAD_CREDENTIALS');
    expect(await fail(username, '10.5.0.1', alone)).toBe('RATE_LIMITED');
  });

  test('no name and no address stands in a Redis key', async () => {
    await fail('a-name-like-no-other', '10.6.0.1');
    const keys = await ctx.redis.keys(`${ctx.config.KEY_PREFIX}:{limits}:*`);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toMatch(/a-name-like-no-other|10\.6\.0\.1/);
  });
});

describe('log-out (2)', () => {
  const logOut = (headers: Record<string, string>) => http(hotline.node.url, 'POST', '/logout', { headers });

  test('answers the documented 403, clears the cookie and ends the token at once; the same without a session', async () => {
    const { token } = await makePerson(ctx, 'COUNSELOR');
    const body = { status: 403, error: 'Forbidden', message: 'Access Denied', path: '/login' };
    const first = await logOut({ authorization: `Bearer ${token}` });
    expect(first.status).toBe(403);
    expect(first.body).toMatchObject(body);
    expect(first.headers.get('set-cookie')).toMatch(/^hotline=;.*1970/);
    const me = await http(hotline.node.url, 'GET', '/auth/me', { token });
    expect([me.status, me.body.path]).toEqual([403, '/auth/me']);
    expect((await logOut({ authorization: `Bearer ${token}` })).body).toMatchObject(body);
    expect((await logOut({ authorization: 'Bearer nonsense' })).body).toMatchObject(body);
    expect((await logOut({})).body).toMatchObject(body);
  });

  test('ends the one session, not the others of the same user', async () => {
    const { token, user } = await makePerson(ctx, 'COUNSELOR', {
      passwordHash: await hashPassword(ctx, RIGHT),
    });
    const second = await logIn(ctx, { username: user.username, password: RIGHT }, '10.7.0.1');
    await logOut({ authorization: `Bearer ${token}` });
    expect((await http(hotline.node.url, 'GET', '/auth/me', { token: second.token })).status).toBe(200);
  });
});
