/**
 * T9 of the reliability plan in its short form: workers killed at random moments, three times in a row on one
 * export, and one that wakes up after another has finished its work. EXPORT_ROUNDS=50 makes it the long one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExportTask } from '../../contract/export.js';
import { startHotline, type Hotline } from '../support/app.js';
import { makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';
import { buildServer, startWorkerProcess, type WorkerProcess } from '../support/worker.js';
import { ask, ended, fetchBytes, talk } from '../services/export/scene.js';
import { verifyZip } from '../../services/seal/verify-zip.js';

const ROUNDS = Number(process.env['EXPORT_ROUNDS'] ?? 1);
/** The long form kills each export more often: 50 exports, 250 kills. */
const KILLS = ROUNDS > 1 ? 5 : 3;
const LEASE_MS = 2_000;

let hotline: Hotline;
let admin: Person;
const ids: string[] = [];
let messages = 0;
const workers = new Set<WorkerProcess>();
const start = () => {
  const worker = startWorkerProcess(hotline.config, { EXPORT_LEASE_MS: String(LEASE_MS) });
  workers.add(worker);
  return worker;
};
async function end(worker: WorkerProcess): Promise<void> {
  worker.signal('SIGKILL');
  await worker.gone();
  workers.delete(worker);
}

beforeAll(async () => {
  buildServer();
  hotline = await startHotline({ env: { FACES: 'server,realtime' } });
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
  for (let number = 0; number < 5; number += 1) {
    const texts = Array.from(
      { length: 58 },
      (_, index) => `第${String(index)}句，${'睡不着的夜里想了很多😢。'.repeat(4)}`,
    );
    ids.push((await talk(hotline, texts)).id);
  }
  messages = ids.length * 60;
}, 240_000);
afterAll(async () => {
  await Promise.all([...workers].map(end));
  await hotline.stop();
}, 60_000);

/** When each finished part of a batch was written: a later try must go on with it, not make it anew. */
function partTimes(id: string): Map<string, number> {
  const folder = join(hotline.config.HOTLINE_DATA, 'exports');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const own = names.filter((name) => name.startsWith(`${id}.c`) && name.endsWith('.part'));
  return new Map(own.map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

const row = (id: string) => hotline.node.ctx.models.ExportTask.findById(id).lean().orFail();
const fetched = (id: string) => fetchBytes(hotline, admin.token, `/api/v1/exports/${id}/file`);

/** The file is whole, right, and the only one that is left of this export. */
async function expectWhole(id: string): Promise<void> {
  const task = await ended(hotline, admin.token, id, 60_000);
  expect(task).toMatchObject({ status: 'DONE', progress: 100, file: { messages } });
  const { status, bytes } = await fetched(id);
  expect(status).toBe(200);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(task.file?.sha256);
  const path = join(mkdtempSync(join(tmpdir(), 'hotline-t9-')), 'batch.zip');
  writeFileSync(path, bytes);
  const verdict = await verifyZip(path);
  expect(verdict.faults).toEqual([]);
  expect(verdict.messages).toBe(messages);
  const left = readdirSync(join(hotline.config.HOTLINE_DATA, 'exports')).filter(
    (name) => name.startsWith(id) && !name.endsWith('.part'),
  );
  expect(left).toEqual([(await row(id)).file?.stored]);
}

async function request(format: string): Promise<string> {
  const asked = await ask(hotline, admin.token, `/conversation/batchexport?format=${format}`, ids);
  expect(asked.body.code).toBe(0);
  return (asked.body.result as ExportTask).id;
}

test(
  'three deaths in a row on each export: it ends DONE, whole, and no part of it could be fetched',
  async () => {
    let hits = 0;
    let resumed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await request(round % 2 === 0 ? 'pdf' : 'docx');
      let finished = new Map<string, number>();
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const worker = start();
        await until(async () => (await row(id)).fence >= kill, `try ${String(kill)}`, 30_000);
        await pause(Math.random() * 400);
        const { status, fence } = await row(id);
        await end(worker);
        if (status === 'RUNNING' && fence === kill) hits += 1;
        if ((await row(id)).status !== 'DONE') {
          const now = partTimes(id);
          for (const [name, at] of finished) expect([name, now.get(name)]).toEqual([name, at]);
          resumed += finished.size;
          finished = now;
          expect((await fetched(id)).status).toBe(404);
        }
      }
      const last = start();
      await expectWhole(id);
      await end(last);
    }
    if (ROUNDS > 1) expect(resumed).toBeGreaterThan(ROUNDS);
    // A run in which no death hit work in flight would say nothing.
    expect(hits).toBeGreaterThanOrEqual(ROUNDS * KILLS * 0.6);
  },
  600_000 + ROUNDS * 120_000,
);

test('a worker that was paused past its lease cannot finish what another has taken up', async () => {
  const id = await request('pdf');
  const zombie = start();
  const folder = join(hotline.config.HOTLINE_DATA, 'exports');
  const own = () =>
    readdirSync(folder).filter(
      (name) => name.startsWith(id) && (name.startsWith(`${id}.1.`) || name.includes('.part.1.')),
    );
  // Stopped while it writes: what it wrote must be there for it to finish or to erase.
  await until(() => existsSync(folder) && own().length > 0, 'it writes', 30_000);
  zombie.signal('SIGSTOP');
  const other = start();
  await until(async () => (await row(id)).fence === 2, 'taken over', 30_000);
  await ended(hotline, admin.token, id, 60_000);
  const before = await row(id);
  zombie.signal('SIGCONT');
  // It finishes late, is refused by its fence, and erases what it wrote.
  await until(() => own().length === 0, 'the late files are gone', 30_000);
  expect(await row(id)).toEqual(before);
  await expectWhole(id);
  await Promise.all([zombie, other].map(end));
}, 120_000);
