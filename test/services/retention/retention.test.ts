/** What is kept, what goes, who may stop it; and that what is gone stays gone after a restore. Time travels. */
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Types } from 'mongoose';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../../../models/migrate.js';
import { backup } from '../../../services/backup/backup.js';
import { restore } from '../../../services/backup/restore.js';
import type { Ctx } from '../../../services/context.js';
import { keepDeadLetter } from '../../../services/im/dead-letters.js';
import { replayIfRestored, sweepErasures } from '../../../services/retention/erase.js';
import { purge } from '../../../services/retention/purge.js';
import { readFigures } from '../../../services/statistics/cells.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makePerson } from '../../support/factories.js';
import { talk } from '../export/scene.js';

const DAY = 86_400_000;
const allDays = () => [{ grain: 'day' as const, from: 0, to: clock.now() + 2 * DAY }];
let hotline: Hotline;
let ctx: Ctx;
let clock: TestClock;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, env: { FACES: 'server,realtime' } });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

/** Log-ins are over after half a day: an admin of today. */
async function call(method: string, path: string, json?: unknown) {
  const { token } = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  return http(hotline.node.url, method, path, { token, ...(json ? { json } : {}) });
}
const key = async (id: string) => {
  const row = await ctx.models.Conversation.findById(id).lean().orFail();
  return (await ctx.models.DataKey.findById(row.key).lean().orFail()).wrapped;
};
const erasure = (id: string) => ctx.models.Erasure.findById(id).lean();
const audited = (action: string, id: string) =>
  ctx.models.AuditEntry.countDocuments({ action, subject: `conversation:${id}` });
async function arrivals() {
  // Ten years on line, hour by hour, are nobody's: time travels here.
  await ctx.models.PresenceInterval.deleteMany({});
  const figures = await readFigures(ctx, { institution: 'ecnu' }, allDays());
  return figures.reduce((sum, { values }) => sum + (values['arrivals'] ?? 0), 0);
}

test('a deletion is taken back within its grace, and waits for its minimum age', async () => {
  const { id } = await talk(hotline, ['一']);
  const before = await arrivals();
  await call('DELETE', `/conversation/${id}`);
  expect(await arrivals()).toBe(before - 1);
  clock.advance(10 * DAY);
  await sweepErasures(ctx);
  expect((await call('POST', `/api/v1/erasures/${id}/undo`, {})).body.code).toBe(0);
  expect(await arrivals()).toBe(before);
  clock.advance(30 * DAY);
  await sweepErasures(ctx);
  expect(await key(id)).not.toBeNull();
  expect((await call('POST', `/api/v1/erasures/${id}/undo`, {})).status).toBe(404);

  // Now the institution keeps sessions for a year at least: the purge refuses, and says so.
  expect((await call('PUT', '/api/v1/retention', { conversation: { minDays: 9, maxDays: 3 } })).status).toBe(
    400,
  );
  const long = { conversation: { minDays: 365, maxDays: 3_650 } };
  await call('DELETE', `/conversation/${id}`);
  expect((await call('PUT', '/api/v1/retention', long)).body.result).toMatchObject(long);
  clock.advance(31 * DAY);
  await sweepErasures(ctx);
  expect(await key(id)).not.toBeNull();
  expect(await audited('conversation.erase-refused', id)).toBe(1);
  clock.advance(365 * DAY);
  await sweepErasures(ctx);
  expect(await key(id)).toBeNull();
  expect((await erasure(id))?.messages).toBeGreaterThan(0);
}, 30_000);

test('the purge takes what is older than its maximum, nothing else, and what it took stays in the figures', async () => {
  const old = await talk(hotline, ['旧']);
  clock.advance(3_000 * DAY);
  const young = await talk(hotline, ['新']);
  const before = await arrivals();
  clock.advance(700 * DAY);
  expect(await purge(ctx, 'ecnu')).toBe(1);
  expect(await purge(ctx, 'ecnu')).toBe(0);
  await sweepErasures(ctx);
  expect([await key(old.id), await audited('conversation.purge', old.id)]).toEqual([null, 1]);
  expect((await erasure(old.id))?.cause).toBe('retention');
  expect(await key(young.id)).not.toBeNull();
  expect(await arrivals()).toBe(before);
}, 30_000);

test('a person’s request overrides the minimum, never a legal hold; everything of them goes, letters and copies too', async () => {
  const mine = await talk(hotline, ['请删掉我']);
  const visitor = mine.visitor.id;
  const reference = '申请2026-7';
  const _id = new Types.ObjectId(mine.id);
  await ctx.models.ImLink.create({
    _id: new Types.ObjectId(),
    conversation: _id,
    from: 'a',
    to: 'b',
    msgKey: 'k',
  });
  await ctx.models.ImMirror.create({ _id, wanted: 1, dueAt: new Date() });
  const body = JSON.stringify({ From_Account: visitor, To_Account: 'x', MsgKey: 'm1', text: '秘密' });
  await keepDeadLetter(ctx, { command: 'C2C.CallbackAfterSendMsg', reason: 'nowhere', body });

  const hold = await call('POST', '/api/v1/legal-holds', { visitor, reference: '法院调取' });
  const held = await call('POST', '/api/v1/erasures', { visitor, reference });
  expect([held.status, held.body.message]).toEqual([422, expect.stringContaining('保全')]);
  // A hold stops a deletion that waits, too.
  await call('DELETE', `/conversation/${mine.id}`);
  clock.advance(500 * DAY);
  await sweepErasures(ctx);
  expect(await key(mine.id)).not.toBeNull();
  const { id } = hold.body.result as { id: string };
  expect((await call('DELETE', `/api/v1/legal-holds/${id}`)).body.code).toBe(0);

  const again = await talk(hotline, ['又来了'], { visitor: mine.visitor } as never).catch(() => null);
  const done = await call('POST', '/api/v1/erasures', { visitor, reference });
  expect(done.body.result.conversations).toContain(mine.id);
  await sweepErasures(ctx);
  for (const each of [mine.id, ...(again && again.visitor.id === visitor ? [again.id] : [])])
    expect(await key(each)).toBeNull();
  expect(await ctx.models.ImLink.countDocuments({ conversation: _id })).toBe(0);
  expect(await ctx.models.ImMirror.countDocuments({ _id })).toBe(0);
  expect(await ctx.models.DeadLetter.countDocuments({ from: visitor })).toBe(0);
  expect(await ctx.models.User.findById(visitor).lean()).toMatchObject({
    name: null,
    phone: null,
    deleted: true,
  });
  expect((await ctx.models.Conversation.findById(mine.id).lean())?.visitor).toBeNull();
  const receipts = await call('GET', '/api/v1/erasures');
  expect(receipts.body.result).toContainEqual(
    expect.objectContaining({
      conversation: mine.id,
      cause: 'request',
      reference,
      erasedTime: expect.any(Number),
    }),
  );
  expect((await ctx.audit.verify('ecnu')).ok).toBe(true);
}, 30_000);

test('a backup comes back whole, without what was erased after it was made, and nobody signed in', async () => {
  const kept = await talk(hotline, ['留下的话']);
  const gone = await talk(hotline, ['要消失的话']);
  const folder = mkdtempSync(join(tmpdir(), 'hotline-backup-'));
  const [data, keys] = [join(folder, 'data'), join(folder, 'keys')];
  await ctx.models.PresenceInterval.deleteMany({});
  // Of a backup before: the next one replaces it.
  const old = { at: new Date(0), documents: 0, files: 0, bytes: 0 };
  await ctx.models.Backup.create({ _id: 'keys', ...old });
  const made = await backup(ctx, { data, keys });
  const marks = await ctx.models.Backup.find().sort({ _id: 1 }).lean();
  expect(marks.map(({ _id, at }) => [_id, at.toISOString()])).toEqual([
    ['data', made.data?.at],
    ['keys', made.keys.at],
  ]);
  expect(marks[0]?.documents).toBeGreaterThan(marks[1]?.documents ?? 0);
  expect(marks[0]?.bytes).toBeGreaterThan(statSync(join(data, 'messages.bson.gz')).size);
  await expect(backup(ctx, { data, keys })).rejects.toThrow('exists already');
  await call('POST', '/api/v1/erasures', { visitor: gone.visitor.id, reference: '申请8' });
  await sweepErasures(ctx);
  const figures = await arrivals();
  await backup(ctx, { data: null, keys });

  const target = await startHotline({ clock, env: { FACES: 'server' } });
  const into = target.node.ctx;
  try {
    // A byte changed on the way is found before anything is written.
    const file = join(data, 'messages.bson.gz');
    const bytes = readFileSync(file);
    // In the checksum: the last byte of the packed words may be nothing but filling.
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(bytes.length - 8) ^ 0xff, bytes.length - 8);
    writeFileSync(file, damaged);
    await expect(restore(into, { data, keys })).rejects.toThrow('messages.bson.gz');
    writeFileSync(file, bytes);
    await migrate(into.mongo, into.models);
    const { erasedAgain } = await restore(into, { data, keys });
    expect(erasedAgain).toBeGreaterThan(0);
    await expect(restore(into, { data, keys })).rejects.toThrow('not empty');
    expect(await into.models.Session.countDocuments()).toBe(0);
    expect(await into.models.Backup.countDocuments()).toBe(0);
    const admin = await makePerson(into, 'INSTITUTION_ADMINISTRATOR');
    const path = `/message/conversation/web?conversationId=${kept.id}`;
    const page = await http(target.node.url, 'GET', path, { token: admin.token });
    expect(JSON.stringify(page.body.result)).toContain('留下的话');
    const row = await into.models.Conversation.findById(gone.id).lean().orFail();
    expect((await into.models.DataKey.findById(row.key).lean())?.wrapped).toBeNull();
    expect(await into.models.Message.countDocuments({ conversation: gone.id, body: { $ne: null } })).toBe(0);
    const person = into.models.User.findById(gone.visitor.id).lean().orFail();
    expect(await person).toMatchObject({ name: null, disabledReason: 'erased', deleted: true });
    await into.models.PresenceInterval.deleteMany({});
    const counted = await readFigures(into, { institution: 'ecnu' }, allDays());
    expect(counted.reduce((sum, { values }) => sum + (values['arrivals'] ?? 0), 0)).toBe(figures);
    // Put back by other means: the key is there again, and the next start notices.
    expect(await replayIfRestored(into)).toBe(0);
    await into.models.DataKey.updateOne({ _id: row.key }, { $set: { wrapped: Buffer.alloc(60) } });
    expect(await replayIfRestored(into)).toBeGreaterThan(0);
    // So it does for a person.
    expect(await replayIfRestored(into)).toBe(0);
    await into.models.User.updateOne(
      { _id: gone.visitor.id },
      { $set: { name: '又在了', deleted: false, disabledReason: null } },
    );
    expect(await replayIfRestored(into)).toBeGreaterThan(0);
    expect((await into.models.User.findById(gone.visitor.id).lean())?.name).toBeNull();
    expect(existsSync(join(keys, 'dataKeys.bson.gz'))).toBe(true);
  } finally {
    await target.stop();
  }
}, 60_000);
