import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { guestLogIn } from '../../../services/account/guest.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';

let hotline: Hotline;
let ctx: Ctx;
beforeAll(async () => {
  hotline = await startHotline({ env: { GUEST_PER_HOUR: '30' } });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

let serial = 0;
const newDevice = () => `device-${String((serial += 1)).padStart(12, '0')}`;
const post = (json: unknown) => http(hotline.node.url, 'POST', '/api/v1/guest', { json });

describe('a guest', () => {
  test('gets a token, who they are, and a cookie', async () => {
    const { status, headers, body } = await post({ device: newDevice() });
    expect([status, body.code]).toEqual([200, 0]);
    const { token, me } = body.result as { token: string; me: Record<string, unknown> };
    expect(me).toMatchObject({ type: 'VISITOR', roles: ['ROLE_VISITOR'], institutionCode: 'ecnu' });
    expect(me['name']).toMatch(/^访客\d{4}$/);
    expect(headers.get('set-cookie')).toContain(token);
    expect((await http(hotline.node.url, 'GET', '/auth/me', { token })).body.result).toEqual(me);
  });

  test('on the same device is the same visitor, with the name last asked for', async () => {
    const device = newDevice();
    const first = await guestLogIn(ctx, { device, name: '小林' }, '10.0.0.1');
    const again = await guestLogIn(ctx, { device, name: '  阿林 ' }, '10.0.0.2');
    const silent = await guestLogIn(ctx, { device, name: ' ' }, '10.0.0.2');
    expect(again.actor).toMatchObject({ id: first.actor.id, name: '阿林' });
    expect(silent.actor).toMatchObject({ id: first.actor.id, name: '阿林' });
    expect(again.token).not.toBe(first.token);
  });

  test('arriving many times at once on a new device is one visitor', async () => {
    const device = newDevice();
    const arrivals = await Promise.all(
      Array.from({ length: 12 }, (_, index) => guestLogIn(ctx, { device }, `10.0.1.${String(index)}`)),
    );
    expect(new Set(arrivals.map(({ actor }) => actor.id)).size).toBe(1);
    for (const { token } of arrivals) await ctx.sessions.authenticate(token);
  });

  test('belongs to the institution of the link, to the default one when that is unknown', async () => {
    const device = newDevice();
    const other = await guestLogIn(ctx, { device, institution: 'other' }, '10.0.2.1');
    const unknown = await guestLogIn(ctx, { device, institution: 'no-such' }, '10.0.2.1');
    expect(other.actor.institution).toBe('other');
    expect(unknown.actor.institution).toBe('ecnu');
    // Neither institution learns that the two are one person.
    expect(unknown.actor.id).not.toBe(other.actor.id);
  });

  test('the device is stored nowhere', async () => {
    const device = newDevice();
    await guestLogIn(ctx, { device }, '10.0.3.1');
    expect(JSON.stringify(await ctx.models.User.find().lean())).not.toContain(device);
  });

  test('new ones are limited by address, known ones are not', async () => {
    const device = newDevice();
    const from = (each: string) => guestLogIn(ctx, { device: each }, '10.0.4.1');
    await from(device);
    for (let count = 1; count < 30; count += 1) await from(newDevice());
    await expect(from(newDevice())).rejects.toMatchObject({ word: 'RATE_LIMITED' });
    await from(device);
  });

  test.each([
    { device: 'short' },
    { device: 'a'.repeat(65) },
    { device: 'with a space in it!' },
    { device: { $ne: null } },
    {},
    { device: 'a'.repeat(20), role: 'SYSTEM_ADMINISTRATOR' },
    { device: 'a'.repeat(20), name: 'x'.repeat(33) },
  ])('%j is refused', async (json) => {
    const { status, body } = await post(json);
    expect([status, body.error]).toEqual([400, 'BAD_INPUT']);
  });
});
