/** The parts of `npm test` itself: the sum, the browser, the checks, the lock file that npm ci wants. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checksOf } from '../../scripts/lib/checks.mjs';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { completeLockfile } from '../../scripts/lib/lockfile.mjs';
import {
  addJestReport,
  addOne,
  addSkipped,
  closingLine,
  isGreen,
  newTally,
} from '../../scripts/lib/tally.mjs';
import { root, type Ran } from './support.js';

const report = (numbers: object, tests: object[] = []) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [{ name: '/house/test/a.test.ts', assertionResults: tests }],
  ...numbers,
});

test('all runs and checks are one sum', () => {
  const tally = newTally();
  addJestReport(tally, report({ numPassedTests: 5 }), '/house');
  addJestReport(tally, report({ numPassedTests: 2 }), '/house');
  addOne(tally, true);
  expect(closingLine(tally)).toBe('8 passed, 0 failed');
  expect(isGreen(tally)).toBe(true);
});

test('a file that could not be loaded is a failure, and so is a jest that fell over', () => {
  const tally = newTally();
  addJestReport(tally, report({ numPassedTests: 5, numRuntimeErrorTestSuites: 1 }), '/house');
  addJestReport(tally, null, '/house');
  expect(closingLine(tally)).toBe('5 passed, 2 failed');
  expect(isGreen(tally)).toBe(false);
});

test('nothing passed is a failure', () => {
  const tally = newTally();
  addJestReport(tally, report({}), '/house');
  expect(closingLine(tally)).toBe('0 passed, 0 failed');
  expect(isGreen(tally)).toBe(false);
});

test('what is left out is counted and named', () => {
  const tally = newTally();
  addJestReport(tally, report({ numPassedTests: 1 }, [{ status: 'pending', fullName: 'later' }]), '/house');
  addSkipped(tally, 'browser tests (2 file(s))', 'no Chromium');
  expect(closingLine(tally)).toBe('1 passed, 0 failed, 2 skipped');
  expect(tally.skipped).toEqual([
    'test/a.test.ts › later: left out in its file',
    'browser tests (2 file(s)): no Chromium',
  ]);
});

/** A machine with these programs; apt brings Chromium if `aptBrings`. */
function machine(programs: string[], { isRoot = true, aptBrings = true, vars = {} } = {}) {
  const present = new Set(programs);
  const calls: string[] = [];
  return {
    calls,
    vars,
    isRoot,
    findOnPath: (name: string) => (present.has(name) ? `/usr/bin/${name}` : null),
    progress: (_title: string, work: () => unknown) => work(),
    run: (_command: string, args: string[]): Promise<Ran> => {
      calls.push(args.join(' '));
      if (!aptBrings) return Promise.resolve({ code: 100, output: 'E: Unable to locate package chromium' });
      if (args[0] === 'install') present.add('chromium');
      return Promise.resolve({ code: 0, output: '' });
    },
  };
}

test('Chromium is found by its names or by CHROMIUM', async () => {
  expect(await findChromium(machine(['google-chrome']))).toEqual({ path: '/usr/bin/google-chrome' });
  expect(await findChromium(machine([], { vars: { CHROMIUM: '/opt/c' } }))).toEqual({ path: '/opt/c' });
});

test('root with apt gets it installed, after an update of the lists', async () => {
  const bare = machine(['apt-get']);
  expect(await findChromium(bare)).toEqual({ path: '/usr/bin/chromium' });
  expect(bare.calls).toEqual(['update', 'install -y --no-install-recommends chromium fonts-noto-cjk']);
});

test('without it there is a reason', async () => {
  const user = machine(['apt-get'], { isRoot: false });
  expect(await findChromium(user)).toMatchObject({ reason: expect.stringContaining('no Chromium on PATH') });
  expect(user.calls).toEqual([]);
  const offline = machine(['apt-get'], { aptBrings: false });
  expect(await findChromium(offline)).toEqual({
    reason: 'apt-get could not install Chromium: E: Unable to locate package chromium',
  });
});

test('lint, types and format are all asked', () => {
  const names = checksOf(root).map((check) => check.name);
  expect(names).toEqual(expect.arrayContaining(['types', 'lint', 'format']));
});

test('package-lock.json names every optional platform package, or npm ci refuses it', () => {
  const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  // If this fails: node scripts/complete-lockfile.mjs
  expect(completeLockfile(lock)).toEqual([]);
});

test('a missing platform package is added with the platform of its name', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/fast': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: {
          '@fast/core-linux-arm-gnueabihf': '1.0.0',
          '@fast/core-darwin-arm64': '1.0.0',
        },
      },
      'node_modules/fast/node_modules/@fast/core-darwin-arm64': { version: '1.0.0' },
    },
  };
  expect(completeLockfile(lock)).toEqual(['@fast/core-linux-arm-gnueabihf']);
  expect(lock.packages).toHaveProperty(['node_modules/@fast/core-linux-arm-gnueabihf'], {
    version: '1.0.0',
    cpu: ['arm'],
    dev: true,
    optional: true,
    os: ['linux'],
  });
});
