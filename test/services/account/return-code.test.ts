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
  hotline = await startHotline({
    clock,
    env: { FACES: 'server', LOGIN_FAILURES: '4', RETURN_FAILURES: '12', TRUST_PROXY: '1' },
  });
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
const come = (code: string, institution = 'ecnu', address?: string, device?: string) =>
  http(hotline.node.url, 'POST', '/api/v1/guest/return', {
    json: { code, institution, ...(device === undefined ? {} : { device: device.padEnd(24, '0') }) },
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
  expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}$/);
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

test('a device that returned is the visitor from then on, after a reload too; the one before is not', async () => {
  const visitor = await guest('phone-four');
  const { code } = (await issue(visitor.token)).result as { code: string };
  // What the new phone was before somebody typed the code keeps its own history under its own value.
  const stranger = await guest('phone-five');
  expect((await come(code, 'ecnu', undefined, 'phone-five')).body.error).toBe('CONFLICT');
  expect((await come(code, 'ecnu', undefined, 'phone-six')).body.result.me.id).toBe(visitor.me.id);
  // Again, as after an answer that was lost.
  expect((await come(code, 'ecnu', undefined, 'phone-six')).status).toBe(200);
  expect((await guest('phone-six')).me.id).toBe(visitor.me.id);
  expect((await guest('phone-five')).me.id).toBe(stranger.me.id);
  expect((await guest('phone-four')).me.id).not.toBe(visitor.me.id);
});

test('one who errs behind the address of a school stops nobody else; a script that changes devices is stopped', async () => {
  const school = '10.8.8.8';
  const visitor = await guest('phone-seven');
  const { code } = (await issue(visitor.token)).result as { code: string };
  for (let guess = 0; guess < 4; guess += 1) await come('22222-22222', 'ecnu', school, 'errs');
  expect((await come(code, 'ecnu', school, 'errs')).body.error).toBe('RATE_LIMITED');
  expect((await come(code, 'ecnu', school, 'another')).status).toBe(200);
  for (let guess = 0; guess < 8; guess += 1)
    expect((await come('22222-22223', 'ecnu', school, `script-${String(guess)}`)).status).toBe(401);
  expect((await come('22222-22224', 'ecnu', school, 'script-8')).body.error).toBe('RATE_LIMITED');
});
