/** The return code: the same visitor on another device, for a week, in one institution, and for nobody who guesses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

let hotline: Hotline;
let clock: TestClock;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, env: { FACES: 'server', LOGIN_FAILURES: '4', TRUST_PROXY: '1' } });
});
afterAll(() => hotline.stop());

let addresses = 0;
/** Each caller from an address of their own, unless a test says otherwise. */
const from = (address = `10.0.1.${String((addresses += 1))}`) => ({ 'x-forwarded-for': address });
const guest = async (device: string, institution = 'ecnu') =>
  (
    await http(hotline.node.url, 'POST', '/api/v1/guest', {
      json: { device: device.padEnd(24, '0'), institution },
      headers: from(),
    })
  ).body.result as { token: string; me: { id: string } };
const issue = async (token: string) =>
  (await http(hotline.node.url, 'POST', '/api/v1/me/return-code', { token, json: {} })).body;
const come = (code: string, institution = 'ecnu', address?: string) =>
  http(hotline.node.url, 'POST', '/api/v1/guest/return', {
    json: { code, institution },
    headers: from(address),
  });

test('on another device they are who they were, with their place in the line', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 0);
  const first = await guest('phone-one');
  const opened = await http(hotline.node.url, 'PUT', '/conversation', {
    token: first.token,
    json: { counselor: counselor.id },
  });
  const { code, until } = (await issue(first.token)).result as { code: string; until: number };
  expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
  expect(until).toBeGreaterThan(clock.now());
  // Nothing of it can be read from what is stored.
  const stored = JSON.stringify(await hotline.node.ctx.models.User.findById(first.me.id).lean());
  expect(stored).not.toContain(code.slice(0, 4));
  const other = await come(` ${code.toLowerCase().replace('-', ' ')}`);
  expect(other.body.result.me.id).toBe(first.me.id);
  const current = await http(hotline.node.url, 'GET', '/conversation/current', {
    token: other.body.result.token as string,
  });
  expect(current.body.result).toMatchObject([{ id: opened.body.result.id, status: 'WAITING', position: 1 }]);
});

test('a new code ends the old one; a week later, and in another institution, it opens nothing', async () => {
  const visitor = await guest('phone-two');
  const old = (await issue(visitor.token)).result.code as string;
  const { code } = (await issue(visitor.token)).result as { code: string };
  expect((await come(old)).body.error).toBe('BAD_CREDENTIALS');
  expect((await come(code, 'other')).body.error).toBe('BAD_CREDENTIALS');
  expect((await come(code)).status).toBe(200);
  clock.advance(8 * 24 * 60 * 60_000);
  expect((await come(code)).body.error).toBe('BAD_CREDENTIALS');
});

test('whoever guesses is stopped; whoever is banned, or has an account, has no code', async () => {
  const visitor = await guest('phone-three');
  const { code } = (await issue(visitor.token)).result as { code: string };
  for (let guess = 0; guess < 4; guess += 1)
    expect((await come('2222-2222', 'ecnu', '10.9.9.9')).status).toBe(401);
  expect((await come('2222-2223', 'ecnu', '10.9.9.9')).body.error).toBe('RATE_LIMITED');
  // The right one, too; from elsewhere it still works.
  expect((await come(code, 'ecnu', '10.9.9.9')).body.error).toBe('RATE_LIMITED');
  expect((await come(code)).status).toBe(200);
  await hotline.node.ctx.models.User.updateOne({ _id: visitor.me.id }, { $set: { enabled: false } });
  expect((await come(code)).body.error).toBe('BANNED');
  const registered: Person = await makePerson(hotline.node.ctx, 'VISITOR');
  expect((await issue(registered.token)).error).toBe('RULE_REFUSED');
});
