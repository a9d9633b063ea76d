/** Document section 36: deleted at once for everybody, erased when the grace is over. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExportTask } from '../../contract/export.js';
import { GRACE_MS } from '../../services/conversation/delete.js';
import { replayErasures, sweepErasures } from '../../services/retention/erase.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { testClock, type TestClock } from '../support/clock.js';
import { makePerson, type Person } from '../support/factories.js';
import { ask, exported, fetchBytes, talk } from '../services/export/scene.js';

let hotline: Hotline;
let clock: TestClock;
let admin: Person;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, nodes: 2 });
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(() => hotline.stop());

const call = (method: string, path: string, token: string, node = 0) =>
  http(hotline.nodes[node]?.url ?? '', method, path, { token });
const read = (id: string, token: string, node = 0) =>
  call('GET', `/message/conversation/web?conversationId=${id}`, token, node);

test('an open one is refused, an unknown one is not found, and only admins may', async () => {
  const open = await talk(hotline, ['一'], { open: true });
  expect((await call('DELETE', `/conversation/${open.id}`, admin.token)).body.code).toBe(-2);
  expect((await call('DELETE', `/conversation/${'e'.repeat(24)}`, admin.token)).body.code).toBe(-4);
  const foreign = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  expect((await call('DELETE', `/conversation/${open.id}`, foreign.token)).body.code).toBe(-4);
  expect((await call('DELETE', `/conversation/${open.id}`, open.counselor.token)).status).toBe(403);
});

test('a deleted one is gone on every node at once, and erased with its exports when its time has come', async () => {
  const { ctx } = hotline.node;
  const { id, visitor } = await talk(hotline, ['说过的话', '听到了']);
  const kept = await talk(hotline, ['留下的话']);
  const { task } = await exported(hotline, admin.token, `/conversation/export/${id}?format=txt`);
  expect((await read(id, visitor.token, 1)).body.count).toBe(4);
  const deleted = await call('DELETE', `/conversation/${id}`, admin.token);
  expect(deleted.body).toEqual({ code: 0, message: 'OK', result: 'ok' });
  expect(await ctx.models.AuditEntry.countDocuments({ action: 'conversation.delete' })).toBe(1);
  expect((await read(id, visitor.token)).body.code).toBe(-4);
  expect((await call('GET', '/conversation/current', visitor.token)).body.count).toBe(0);
  expect((await ask(hotline, admin.token, `/conversation/export/${id}`)).body.code).toBe(-4);
  expect((await fetchBytes(hotline, admin.token, task.url ?? '')).status).toBe(404);
  expect((await call('DELETE', `/conversation/${id}`, admin.token)).body.code).toBe(-4);

  clock.advance(GRACE_MS - 60_000);
  expect(await sweepErasures(ctx)).toBe(0);
  clock.advance(120_000);
  await sweepErasures(ctx);
  const receipt = await ctx.models.Erasure.findById(id).lean().orFail();
  expect(receipt.erasedAt).not.toBeNull();
  expect(receipt.messages).toBe(4);
  expect((await ctx.models.DataKey.findById(receipt.key).lean().orFail()).wrapped).toBeNull();
  expect(await ctx.models.Message.countDocuments({ conversation: id, body: { $ne: null } })).toBe(0);
  expect(await ctx.models.Message.countDocuments({ conversation: id })).toBe(4);
  expect(await ctx.models.ExportTask.findById(task.id).lean().orFail()).toMatchObject({
    key: null,
    file: null,
  });
  const again = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  expect((await read(kept.id, again.token)).body.result).toHaveLength(3);
  expect(await replayErasures(ctx)).toBe(1);
  expect((await ctx.audit.verify('ecnu')).ok).toBe(true);
});

test('an export under way when its conversation is deleted says why it failed', async () => {
  const { ctx } = hotline.node;
  const fresh = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  const { id } = await talk(hotline, ['一']);
  await ctx.models.Conversation.updateOne({ _id: id }, { $set: { deletedAt: new Date(clock.now()) } });
  const made = await ctx.models.ExportTask.create({
    institution: 'ecnu',
    asker: fresh.user._id,
    conversations: [id],
    format: 'txt',
    status: 'QUEUED',
    key: Buffer.alloc(0),
    createdAt: new Date(clock.now()),
  });
  await ctx.models.ExportTask.updateOne({ _id: made._id }, { $set: { key: null } });
  const { runExport } = await import('../../services/export/run.js');
  await runExport(ctx, made._id.toHexString(), new AbortController().signal);
  const told = (await call('GET', `/api/v1/exports/${made._id.toHexString()}`, fresh.token)).body
    .result as ExportTask;
  expect(told.status).toBe('FAILED');
  expect(told.error).toMatch(/重新导出/);
});
