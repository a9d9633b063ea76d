import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { readJson, writeJson } from '../../scripts/lib/files.mjs';
import { acquireLock, LockHeld } from '../../scripts/lib/lock.mjs';
import { noteOf } from '../../scripts/lib/processes.mjs';
import { eventually, root, sleeper, start, temporaryFolder } from './support.js';

const newLock = () => join(temporaryFolder(), 'lock');

test('a free lock is taken, names its holder, and is gone after release', async () => {
  const file = newLock();
  const lock = await acquireLock(file);
  expect(readJson(file)).toEqual(noteOf(process.pid));
  lock.release();
  expect(readJson(file)).toBeNull();
});

test('a live holder keeps it and is named', async () => {
  const file = newLock();
  const holder = noteOf(sleeper().pid);
  writeJson(file, holder);
  await expect(acquireLock(file)).rejects.toThrow(LockHeld);
  expect(readJson(file)).toEqual(holder);
});

test('a dead holder, killed with -9, does not keep it', async () => {
  const file = newLock();
  const holder = sleeper();
  writeJson(file, noteOf(holder.pid));
  holder.kill('SIGKILL');
  await eventually('the holder is gone', () => noteOf(holder.pid).identity === null);
  await acquireLock(file);
  expect(readJson(file)).toEqual(noteOf(process.pid));
});

test('a pid that now belongs to another process is not the holder', async () => {
  const file = newLock();
  writeJson(file, { pid: sleeper().pid, identity: 'of an earlier process' });
  await acquireLock(file);
  expect(readJson(file)).toEqual(noteOf(process.pid));
});

test('a holder that is stopping is waited for, one that is not is refused at once', async () => {
  const file = newLock();
  const holder = sleeper();
  const waiting = { waitMs: 15_000, waitFor: (note: { stopping?: boolean }) => note.stopping };
  writeJson(file, noteOf(holder.pid));
  await expect(acquireLock(file, waiting)).rejects.toThrow(LockHeld);
  writeJson(file, { ...noteOf(holder.pid), stopping: true });
  const acquired = acquireLock(file, waiting);
  holder.kill();
  await expect(acquired).resolves.toBeDefined();
});

test('of many that find the same dead lock, exactly one gets it', async () => {
  const file = newLock();
  writeJson(file, { pid: 999_999_999, identity: 'dead' });
  const module = pathToFileURL(join(root, 'scripts', 'lib', 'lock.mjs')).href;
  const program = join(temporaryFolder(), 'contender.mjs');
  writeFileSync(
    program,
    `import { acquireLock } from '${module}';
     acquireLock('${file}').then(() => console.log('won'), () => console.log('lost'));
     setInterval(() => {}, 1000);`,
  );
  const answers: string[] = [];
  for (let i = 0; i < 6; i += 1) {
    start(process.execPath, [program]).stdout?.on('data', (chunk) => answers.push(String(chunk).trim()));
  }
  await eventually('all have answered', () => answers.length === 6);
  expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
});
