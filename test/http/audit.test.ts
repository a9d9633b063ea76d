/** The audit log as its readers see it: filtered pages of one institution, and a verdict that finds what was changed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditCheck, AuditLine } from '../../contract/audit.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makePerson, type Person } from '../support/factories.js';

let hotline: Hotline;
let admin: Person;
beforeAll(async () => {
  hotline = await startHotline({ env: { FACES: 'server' } });
  const { ctx } = hotline.node;
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { name: '管理员' });
  for (const n of [1, 2, 3])
    await ctx.audit.write({
      ...{ institution: 'ecnu', actor: { id: admin.id }, action: 'transcript.read' },
      ...{ subject: `conversation:${String(n)}`, reason: '复核' },
    });
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: object) =>
  http(hotline.node.url, method, path, { token: as.token, ...(json && { json }) });
const lines = async (query: string) =>
  (await ask(admin, 'GET', `/api/v1/audit?${query}`)).body.result as AuditLine[];
const check = async (json: object = {}) =>
  (await ask(admin, 'POST', '/api/v1/audit/check', json)).body.result as AuditCheck;

test('an admin reads their institution’s entries, newest first, by what was done and to what; looking is an entry', async () => {
  const [first, ...rest] = await lines('size=50');
  expect(first).toMatchObject({ action: 'audit.read', actorName: '管理员', subject: 'institution:ecnu' });
  expect(rest.map(({ subject }) => subject)).toEqual(['conversation:3', 'conversation:2', 'conversation:1']);
  expect(await lines('subject=conversation:2')).toMatchObject([{ reason: '复核', actor: admin.id }]);
  expect(await lines('action=transcript.read&size=2')).toHaveLength(2);
  expect(await lines(`to=${String(rest[2]!.time)}`)).toEqual([]);
  const foreign = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'pku' });
  expect((await ask(foreign, 'GET', '/api/v1/audit?institution=ecnu')).status).toBe(404);
  const own = (await ask(foreign, 'GET', '/api/v1/audit')).body.result as AuditLine[];
  expect(own.map(({ subject }) => subject)).toEqual(['institution:pku']);
});

test('the chain is whole until somebody changes it; a head that was noted down shows what is cut off', async () => {
  const { number, link, fault } = await check();
  expect(fault).toBeNull();
  expect(await check({ number, link })).toMatchObject({ fault: null });
  expect((await ask(admin, 'POST', '/api/v1/audit/check', { number })).status).toBe(400);
  const { AuditEntry } = hotline.node.ctx.models;
  await AuditEntry.collection.deleteMany({ institution: 'ecnu', number: { $gte: number } });
  // The node itself knows where the log stood, so its next entry leaves a hole.
  expect(await check({ number, link })).toMatchObject({ number, link: null, fault: 'missing' });
  await AuditEntry.collection.updateOne({ institution: 'ecnu', number: 2 }, { $set: { reason: '别的' } });
  expect(await check()).toEqual({ number: 2, link: null, fault: 'altered' });
});
