/**
 * T9 of the reliability plan in its short form: workers killed at random moments, three times in a row on one
 * export, and one that wakes up after another has finished its work. EXPORT_ROUNDS=50 makes it the long one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExportTask } from '../../contract/export.js';
import { startHotline, type Hotline } from '../support/app.js';
import { makePerson, type Person } from '../support/factories.js';
import { report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';
import { until } from '../support/poll.js';
import { buildServer, startWorkerProcess, type WorkerProcess } from '../support/worker.js';
import { ask, ended, fetchBytes, talk } from '../services/export/scene.js';
import { verifyZip } from '../../services/seal/verify-zip.js';

const ROUNDS = Number(process.env['EXPORT_ROUNDS'] ?? 1);
/** The long form kills each export more often: 50 exports, 250 kills. */
const KILLS = ROUNDS > 1 ? 5 : 3;
/** Exports that die together, with the worker that builds them. */
const AT_ONCE = Math.min(ROUNDS, 5);
const LEASE_MS = ROUNDS > 1 ? 4_000 : 2_000;
/** Within it a worker has started and taken something up, on a machine that is busy with other things too. */
const SLOW_MS = 120_000;
const seed = seedOf();
const random = seeded(seed);

let hotline: Hotline;
let admin: Person;
const ids: string[] = [];
let messages = 0;
const workers = new Set<WorkerProcess>();
const start = () => {
  const worker = startWorkerProcess(hotline.config, {
    EXPORT_LEASE_MS: String(LEASE_MS),
    EXPORT_CONCURRENCY: String(AT_ONCE),
  });
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

/** The file is whole, right, and the only one that is left of this export; @returns where it was saved. */
async function expectWhole(id: string): Promise<string> {
  const task = await ended(hotline, admin.token, id, SLOW_MS);
  expect(task).toMatchObject({ status: 'DONE', progress: 100, file: { messages } });
  const { status, bytes } = await fetched(id);
  expect(status).toBe(200);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(task.file?.sha256);
  const path = join(mkdtempSync(join(tmpdir(), 'hotline-t9-')), 'batch.zip');
  writeFileSync(path, bytes);
  const verdict = await verifyZip(path);
  expect(verdict.faults).toEqual([]);
  expect(verdict.messages).toBe(messages);
  const stored = (await row(id)).file?.stored;
  const left = () =>
    readdirSync(join(hotline.config.HOTLINE_DATA, 'exports')).filter((name) => name.startsWith(id));
  // What its tries made beside it is erased once it is DONE, by a sweep if the worker that finished it died first.
  await until(() => left().length === 1, 'its parts are gone', SLOW_MS);
  expect(left()).toEqual([stored]);
  return path;
}

/** `npm run verify`, as people run it. */
function verifyCommand(path: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/verify.mjs', path], { encoding: 'utf8' });
  return { status, stdout };
}

async function request(format: string): Promise<string> {
  const asked = await ask(hotline, admin.token, `/conversation/batchexport?format=${format}`, ids);
  expect(asked.body.code).toBe(0);
  return (asked.body.result as ExportTask).id;
}

interface Victim {
  id: string;
  finished: Map<string, number>;
}

test(
  'three deaths in a row on each export: it ends DONE, whole, and no part of it could be fetched',
  async () => {
    const counts = { exports: 0, kills: 0, hits: 0, resumed: 0, refused: 0, deaths: 0 };
    const violations: string[] = [];

    /** What a death left: nothing to fetch, and what was finished before it is not made anew. */
    async function inspect(victim: Victim): Promise<void> {
      const { id, finished } = victim;
      if ((await row(id)).status === 'DONE') return;
      const now = partTimes(id);
      for (const [name, at] of finished)
        if (now.get(name) !== at) violations.push(`${id}: ${name} was made anew`);
      counts.resumed += finished.size;
      victim.finished = now;
      const { status } = await fetched(id);
      if (status === 404) counts.refused += 1;
      else violations.push(`${id}: fetched before it was done, ${String(status)}`);
    }

    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      const victims: Victim[] = [];
      while (victims.length < Math.min(AT_ONCE, ROUNDS - round)) {
        const format = (round + victims.length) % 2 === 0 ? 'pdf' : 'docx';
        victims.push({ id: await request(format), finished: new Map() });
      }
      const rows = () => Promise.all(victims.map(({ id }) => row(id)));
      const partsDone = async () => {
        const each = (await rows()).map(({ status }, index) =>
          status === 'DONE' ? ids.length : partTimes(victims[index]?.id ?? '').size,
        );
        return each.reduce((sum, size) => sum + size, 0);
      };
      for (let kill = 1; kill <= KILLS; kill += 1) {
        // Under load a worker may lose its lease and take the same export up again.
        const fences = (await rows()).map(({ fence }) => fence);
        const worker = start();
        const isTaken = async () =>
          (await rows()).every(
            ({ status, fence }, index) => status === 'DONE' || fence > (fences[index] ?? 0),
          );
        await until(isTaken, `try ${String(kill)}`, SLOW_MS);
        // At a random moment of the work: so many parts later, and somewhat after that.
        const wanted = Math.min(
          ids.length * victims.length,
          (await partsDone()) + random.between(0, AT_ONCE),
        );
        await until(async () => (await partsDone()) >= wanted, `parts of try ${String(kill)}`, SLOW_MS);
        await pause(random.between(0, 400));
        const before = await rows();
        await end(worker);
        counts.deaths += 1;
        counts.kills += before.length;
        counts.hits += before.filter(({ status }) => status === 'RUNNING').length;
        for (const victim of victims) await inspect(victim);
      }
      const last = start();
      for (const { id } of victims) await expectWhole(id);
      await end(last);
      counts.exports += victims.length;
    }
    report({ test: 'T9-exports', seed, counts, violations });
    expect(violations).toEqual([]);
    if (ROUNDS > 1) expect(counts.resumed).toBeGreaterThan(ROUNDS);
    // A run in which no death hit work in flight would say nothing.
    expect(counts.hits).toBeGreaterThanOrEqual(ROUNDS * KILLS * 0.6);
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
  await until(() => existsSync(folder) && own().length > 0, 'it writes', SLOW_MS);
  zombie.signal('SIGSTOP');
  const other = start();
  await until(async () => (await row(id)).fence >= 2, 'taken over', SLOW_MS);
  await ended(hotline, admin.token, id, SLOW_MS);
  // Who finished it clears up after it is DONE.
  const before = await until(
    async () => {
      const task = await row(id);
      return !task.untidy && task;
    },
    'it is noted as tidy',
    SLOW_MS,
  );
  zombie.signal('SIGCONT');
  // It finishes late, is refused by its fence, and erases what it wrote.
  await until(() => own().length === 0, 'the late files are gone', SLOW_MS);
  expect(await row(id)).toEqual(before);
  const path = await expectWhole(id);
  expect(verifyCommand(path)).toMatchObject({ status: 0 });
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
  writeFileSync(path, bytes);
  const found = verifyCommand(path);
  expect(found.status).toBe(1);
  const [from, to] = (/字节 (\d+)–(\d+)/.exec(found.stdout)?.slice(1) ?? []).map(Number);
  expect(from).toBeLessThanOrEqual(5_000);
  expect(to).toBeGreaterThanOrEqual(5_000);
  await Promise.all([zombie, other].map(end));
}, 600_000);

/** Much that is alive, and garbage that lived long enough to be old; prints the highest heap in MB. */
const CHURN = `
const live = Array.from({ length: 400_000 }, (_, i) => ({ i, s: 'x' + i }));
const ring = [];
let peak = 0;
for (let turn = 0; turn < 120; turn += 1) {
  ring[turn % 8] = Array.from({ length: 40_000 }, (_, i) => ({ i, turn, s: 'y' + i }));
  peak = Math.max(peak, process.memoryUsage().heapUsed);
}
console.log(peak / 2 ** 20, live.length);`;

test('a worker looks for garbage before its heap has doubled', () => {
  const peakOf = (before: string) => {
    const args = ['--input-type=module', '-e', `${before}${CHURN}`];
    return Number.parseFloat(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
  };
  const free = peakOf('');
  const kept = peakOf("import { keepHeapSmall } from './dist/bin/heap.js'; keepHeapSmall();");
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(free * 0.7);
});
