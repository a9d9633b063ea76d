import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { Models } from '../../../models/index.js';
import { createAuditLog, writeAudit, type AuditInput } from '../../../services/audit/audit.js';
import { linkOf } from '../../../services/audit/link.js';
import { NOW, openScene, refusal, type Scene } from '../roster/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  await scene.models.AuditEntry.deleteMany({});
  scene.ctx.audit = createAuditLog({ models: scene.models, clock: scene.clock });
});

const entry = (over: Partial<AuditInput> = {}): AuditInput => ({
  institution: 'ecnu',
  actor: { id: 'a'.repeat(24) },
  action: 'transcript.read',
  subject: 'c1',
  reason: null,
  ...over,
});
const write = (over: Partial<AuditInput> = {}, ctx = scene.ctx) => writeAudit(ctx, entry(over));
const rows = () => scene.models.AuditEntry.find({ institution: 'ecnu' }).sort({ number: 1 }).lean();
const verify = (anchor?: { number: number; link: string }) => scene.ctx.audit.verify('ecnu', anchor);

type Row = { number: number; link: Buffer; subject: string };
type Insert = (rows: Row[], options?: object) => Promise<unknown>;

/** An audit log whose inserts go through `insertMany`, which is given the real one. */
function logWith(insertMany: (insert: Insert, rows: Row[], options: object) => Promise<unknown>) {
  const real = scene.models.AuditEntry.collection;
  const insert: Insert = (rows, options = {}) => real.insertMany(rows, options);
  const collection = new Proxy(real, {
    get(target, name) {
      if (name === 'insertMany') return (rows: Row[], options: object) => insertMany(insert, rows, options);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const models = { AuditEntry: { collection } } as unknown as Models;
  return createAuditLog({ models, clock: scene.clock });
}

describe('writing', () => {
  test('numbers from 1 and links as design.md says, recomputed here by hand', async () => {
    await write({ reason: '危机评估' });
    await write({ actor: null, action: 'export.request', subject: 'e1' });
    const [first, second] = await rows();
    expect(first).toMatchObject({
      number: 1,
      action: 'transcript.read',
      subject: 'c1',
      reason: '危机评估',
      at: new Date(NOW),
    });
    expect(second).toMatchObject({ number: 2, actor: null, reason: null });
    const line = (id: unknown, ...rest: unknown[]) => JSON.stringify([String(id), 'ecnu', ...rest]);
    const link1 = createHash('sha256')
      .update(Buffer.alloc(32))
      .update(line(first?._id, 1, 'a'.repeat(24), 'transcript.read', 'c1', '危机评估', NOW))
      .digest();
    const link2 = createHash('sha256')
      .update(link1)
      .update(line(second?._id, 2, null, 'export.request', 'e1', null, NOW))
      .digest();
    expect(first?.link).toEqual(link1);
    expect(second?.link).toEqual(link2);
  });

  test('each institution has a chain of its own', async () => {
    await Promise.all([write(), write({ institution: 'other' }), write({ institution: 'other' })]);
    expect((await rows()).map(({ number }) => number)).toEqual([1]);
    expect(await scene.ctx.audit.verify('other')).toMatchObject({ ok: true, head: { number: 2 } });
  });

  test('under load: one whole chain in the order of writing, in a few batches', async () => {
    let batches = 0;
    const audit = logWith((insert, rows, options) => {
      batches += 1;
      return insert(rows, options);
    });
    await Promise.all(
      Array.from({ length: 800 }, (_, n) => audit.write(entry({ subject: `s${String(n)}` }))),
    );
    const stored = await rows();
    expect(stored.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 800 }, (_, n) => `s${String(n)}`),
    );
    expect(await audit.verify('ecnu')).toMatchObject({ ok: true, head: { number: 800 } });
    expect(batches).toBeLessThanOrEqual(4);
  });

  test('three nodes at once: every entry stands once, in one chain', async () => {
    const nodes = [scene.ctx, scene.secondNode(), scene.secondNode()];
    const subjects: string[] = [];
    await Promise.all(
      nodes.map(async (node, which) => {
        for (let round = 0; round < 15; round += 1) {
          const batch = Array.from({ length: 4 }, (_, n) => `${String(which)}-${String(round)}-${String(n)}`);
          subjects.push(...batch);
          await Promise.all(batch.map((subject) => write({ subject }, node)));
        }
      }),
    );
    const stored = await rows();
    expect(stored).toHaveLength(180);
    expect(stored.map(({ subject }) => subject).sort()).toEqual(subjects.sort());
    expect(await verify()).toMatchObject({ ok: true, head: { number: 180 } });
  });

  test('a log that was there before goes on', async () => {
    await write();
    await write({ subject: 'after a restart' }, scene.secondNode());
    expect(await verify()).toMatchObject({ ok: true, head: { number: 2 } });
  });

  test('half a character in a reason neither breaks the chain nor the call', async () => {
    await write({ reason: '原因\ud800', subject: 'x\udc00' });
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('a write that fails is told to its callers, and the chain goes on whole', async () => {
    let failing = true;
    const audit = logWith(async (insert, rows, options) => {
      await insert(rows, options);
      // Stored, but the answer is lost on the way.
      if (failing) throw Object.assign(new Error('cut'), { name: 'MongoNetworkError' });
    });
    const lost = [audit.write(entry({ subject: 'a' })), audit.write(entry({ subject: 'b' }))];
    expect(await Promise.all(lost.map(refusal))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    failing = false;
    await audit.write(entry({ subject: 'again' }));
    expect(await audit.verify('ecnu')).toMatchObject({ ok: true });
    expect((await rows()).at(-1)?.subject).toBe('again');
  });

  test('another node’s entry in the midst of a batch: what stands stays, the rest is linked behind it', async () => {
    let first = true;
    const audit = logWith(async (insert, rows, options) => {
      const [one] = rows;
      if (first && rows.length === 3 && one !== undefined) {
        first = false;
        await insert([one]);
        await write({ subject: 'the other node’s' }, scene.secondNode());
        return insert(rows.slice(1), options);
      }
      return insert(rows, options);
    });
    // The first goes alone, the next three together while it is under way.
    await Promise.all(['a', 'b', 'c', 'd'].map((subject) => audit.write(entry({ subject }))));
    expect((await rows()).map(({ subject }) => subject)).toEqual(['a', 'b', 'the other node’s', 'c', 'd']);
    expect(await verify()).toMatchObject({ ok: true, head: { number: 5 } });
  });
});

describe('verifying locates', () => {
  beforeEach(async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => write({ subject: `s${String(n + 1)}` })));
  });
  const entries = () => scene.models.AuditEntry.collection;
  const set = (number: number, change: Record<string, unknown>) =>
    entries().updateOne({ institution: 'ecnu', number }, { $set: change });

  test('nothing in an untouched log, or an empty one', async () => {
    expect(await verify()).toMatchObject({ ok: true, head: { number: 12 } });
    expect(await scene.ctx.audit.verify('empty')).toEqual({
      ok: true,
      head: { number: 0, link: '0'.repeat(64) },
    });
  });

  test.each([
    ['subject', 'someone else'],
    ['action', 'nothing.happened'],
    ['reason', '正当'],
    ['actor', new Types.ObjectId()],
    ['at', new Date(NOW - 1)],
    ['at', 'yesterday'],
    ['link', Buffer.alloc(32, 1)],
    ['link', null],
    ['_id', null],
  ])('a changed %s', async (field, value) => {
    if (field === '_id') {
      const row = await entries().findOneAndDelete({ institution: 'ecnu', number: 5 });
      await entries().insertOne({ ...row, _id: new Types.ObjectId() });
    } else {
      await set(5, { [field]: value });
    }
    expect(await verify()).toEqual({ ok: false, broken: 5, why: 'altered' });
  });

  test('a changed entry whose own link was recomputed: at its successor', async () => {
    const row = (await rows())[4];
    const before = (await rows())[3];
    if (!row || !before) throw new Error('twelve were written');
    const forged = { ...row, subject: 'forged' };
    await set(5, { subject: 'forged', link: linkOf(before.link, forged) });
    expect(await verify()).toEqual({ ok: false, broken: 6, why: 'altered' });
  });

  test('a deleted one, the first as well', async () => {
    await entries().deleteOne({ institution: 'ecnu', number: 7 });
    expect(await verify()).toEqual({ ok: false, broken: 7, why: 'missing' });
    await entries().deleteOne({ institution: 'ecnu', number: 1 });
    expect(await verify()).toEqual({ ok: false, broken: 1, why: 'missing' });
  });

  test('two that changed places', async () => {
    await set(3, { number: 100 });
    await set(4, { number: 3 });
    await set(100, { number: 4 });
    expect(await verify()).toEqual({ ok: false, broken: 3, why: 'altered' });
  });

  test('one put in: between two, before the first, of another kind', async () => {
    for (const [number, broken] of [
      [4.5, 5],
      [0, 1],
      [-3, 1],
      ['x', 1],
    ] as const) {
      const { insertedId } = await entries().insertOne({
        institution: 'ecnu',
        number,
        link: Buffer.alloc(32),
      });
      expect(await verify()).toEqual({ ok: false, broken, why: 'foreign' });
      await entries().deleteOne({ _id: insertedId });
    }
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('a log that was cut off, by the head noted outside', async () => {
    const before = await verify();
    if (!before.ok) throw new Error('it was whole');
    await write();
    expect(await verify(before.head)).toMatchObject({ ok: true, head: { number: 13 } });
    await entries().deleteMany({ institution: 'ecnu', number: { $gt: 10 } });
    expect(await verify(before.head)).toEqual({ ok: false, broken: 11, why: 'truncated' });
    expect(await verify({ number: 9, link: 'f'.repeat(64) })).toEqual({
      ok: false,
      broken: 9,
      why: 'altered',
    });
  });
});

test('a long log is walked in pages', async () => {
  await Promise.all(Array.from({ length: 1_201 }, () => write()));
  expect(await verify()).toMatchObject({ ok: true, head: { number: 1_201 } });
  await scene.models.AuditEntry.collection.deleteMany({
    institution: 'ecnu',
    number: { $gt: 500, $lte: 1_000 },
  });
  expect(await verify()).toEqual({ ok: false, broken: 501, why: 'missing' });
});
