import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createSession, endSession } from '../../../services/account/session.js';
import { sessionIdOf } from '../../../services/account/token.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { testClock } from '../../support/clock.js';
import { makePerson } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { wordOf } from './word.js';

const DAY = 86_400_000;
const clock = testClock();
let hotline: Hotline;
let ctx: Ctx;
let genuine: jwt.JwtPayload;
let token: string;
beforeAll(async () => {
  hotline = await startHotline({ clock });
  ctx = hotline.node.ctx;
  token = (await makePerson(ctx, 'COUNSELOR')).token;
  genuine = jwt.decode(token) as jwt.JwtPayload;
});
afterAll(() => hotline.stop());

const word = (text: string) => wordOf(ctx.sessions.authenticate(text));
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const forge = (header: object, payload: object, secret = ctx.config.JWT_SECRET, hash = 'sha256') => {
  const body = `${part(header)}.${part(payload)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
};
const HEADER = { alg: 'HS256', typ: 'session+jwt' };

describe('a forged token is refused', () => {
  const kinds: Record<string, () => string> = {
    'no algorithm, no signature': () => `${part({ ...HEADER, alg: 'none' })}.${part(genuine)}.`,
    'no algorithm in another spelling, old signature': () =>
      `${part({ ...HEADER, alg: 'nOnE' })}.${part(genuine)}.${token.split('.')[2] ?? ''}`,
    'another secret': () => forge(HEADER, genuine, 'test-secret-test-secret-test-secret?'),
    'an empty secret': () => forge(HEADER, genuine, ''),
    'HS512 with the right secret': () =>
      forge({ ...HEADER, alg: 'HS512' }, genuine, ctx.config.JWT_SECRET, 'sha512'),
    'RS256 with a key of its own': () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return jwt.sign(genuine, privateKey, { algorithm: 'RS256', header: { ...HEADER, alg: 'RS256' } });
    },
    'a changed payload under the old signature': () => {
      const [header = '', , signature = ''] = token.split('.');
      return `${header}.${part({ ...genuine, ver: 2 })}.${signature}`;
    },
    'past its end': () => forge(HEADER, { ...genuine, exp: Math.floor(clock.now() / 1000) - 60 }),
    'without an end': () => forge(HEADER, { ...genuine, exp: undefined }),
    'not valid yet': () => forge(HEADER, { ...genuine, nbf: Math.floor(clock.now() / 1000) + 60 }),
    'without a beginning': () => forge(HEADER, { ...genuine, nbf: undefined }),
    'for somebody else': () => forge(HEADER, { ...genuine, aud: 'admin' }),
    'for nobody': () => forge(HEADER, { ...genuine, aud: undefined }),
    'of another type': () => forge({ ...HEADER, typ: 'JWT' }, genuine),
    'of a session that never was': () => forge(HEADER, { ...genuine, sid: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'with the stored digest for a sid': () =>
      forge(HEADER, { ...genuine, sid: sessionIdOf(String(genuine['sid'])) }),
    'with an object for a sid': () => forge(HEADER, { ...genuine, sid: { $ne: null } }),
    'of another version': () => forge(HEADER, { ...genuine, ver: 2 }),
    'without a version': () => forge(HEADER, { ...genuine, ver: undefined }),
    'a key inside the header': () =>
      forge({ ...HEADER, jwk: { kty: 'oct', k: 'AA' }, kid: '../../dev/null' }, genuine, ''),
    nothing: () => '',
    'no token at all': () => 'a.b.c',
    'far too long': () => 'x'.repeat(100_000),
  };
  test.each(Object.keys(kinds))('%s', async (name) => {
    expect(await word(kinds[name]?.() ?? '')).toBe('UNAUTHENTICATED');
  });

  test('and the forger signs rightly: the genuine payload is let in', async () => {
    expect(await word(forge(HEADER, genuine))).toBe('ok');
    expect(
      await word(jwt.sign(genuine, createSecretKey(Buffer.from(ctx.config.JWT_SECRET)), { header: HEADER })),
    ).toBe('ok');
  });
});

describe('a session', () => {
  test('is random, stored as a digest, and another one at each log-in', async () => {
    const { user } = await makePerson(ctx, 'VISITOR');
    const [first, second] = [await createSession(ctx, user), await createSession(ctx, user)];
    const sids = [first, second].map((each) => String((jwt.decode(each.token) as jwt.JwtPayload)['sid']));
    expect(Buffer.from(sids[0] ?? '', 'base64url')).toHaveLength(16);
    expect(sids[0]).not.toBe(sids[1]);
    const stored = JSON.stringify(await ctx.models.Session.find({ user: user._id }).lean());
    for (const sid of sids) {
      expect(stored).not.toContain(sid);
      expect(stored).toContain(sessionIdOf(sid));
    }
  });

  test.each([
    ['COUNSELOR', DAY / 2],
    ['VISITOR', 30 * DAY],
  ] as const)('of a %s ends by itself after %d ms', async (role, life) => {
    const before = clock.now();
    const person = await makePerson(ctx, role);
    expect(await word(person.token)).toBe('ok');
    clock.advance(life - 60_000);
    expect(await word(person.token)).toBe('ok');
    clock.advance(60_000);
    expect(await word(person.token)).toBe('UNAUTHENTICATED');
    clock.advance(before - clock.now());
  });

  test('silent for longer than its idle end is over, whatever the token says', async () => {
    const { user } = await makePerson(ctx, 'VISITOR');
    const session = await createSession(ctx, user);
    await ctx.models.Session.updateOne(
      { _id: session.actor.session },
      { $set: { idleEnd: new Date(clock.now()) } },
    );
    expect(await word(session.token)).toBe('UNAUTHENTICATED');
  });

  test('that is used has its idle end pushed on', async () => {
    const { user } = await makePerson(ctx, 'VISITOR');
    const session = await createSession(ctx, user);
    const soon = new Date(clock.now() + 60_000);
    await ctx.models.Session.updateOne({ _id: session.actor.session }, { $set: { idleEnd: soon } });
    expect(await word(session.token)).toBe('ok');
    await until(async () => {
      const stored = await ctx.models.Session.findById(session.actor.session).lean();
      return stored && stored.idleEnd.getTime() > soon.getTime();
    }, 'idle end stored');
    clock.advance(120_000);
    expect(await word(session.token)).toBe('ok');
  });

  test('ended once more is ended still', async () => {
    const { user } = await makePerson(ctx, 'VISITOR');
    const session = await createSession(ctx, user);
    await endSession(ctx, session.actor.session, 'logged-out');
    await endSession(ctx, session.actor.session, 'logged-out');
    expect(await word(session.token)).toBe('UNAUTHENTICATED');
  });
});
