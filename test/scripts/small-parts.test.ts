/** The small parts of the bootstrap, each with the case it exists for. */
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { logIns, withoutPassword } from '../../scripts/lib/announce.mjs';
import { hashOf } from '../../scripts/lib/build.mjs';
import { foldersFor } from '../../scripts/lib/folders.mjs';
import { install, isInstalled, noteInstall } from '../../scripts/lib/install.mjs';
import { atLeast } from '../../scripts/lib/ladder.mjs';
import { checkNode } from '../../scripts/lib/node-check.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { readRunFile, removeRunFile, writeRunFile } from '../../scripts/lib/run-file.mjs';
import { temporaryFolder } from './support.js';

test('an old Node is refused with what to do', () => {
  expect(() => checkNode('18.19.0')).toThrow('Node 18.19.0 is too old: install Node 20');
  expect(() => checkNode('20.0.0')).not.toThrow();
});

test('versions are compared as numbers', () => {
  expect(atLeast('7.0.15', '7.0')).toBe(true);
  expect(atLeast('10.1', '7.0')).toBe(true);
  expect(atLeast('6.2.14', '7.0')).toBe(false);
});

test('the tool folder lies beside the data folder unless it is named', () => {
  expect(foldersFor('/house', {})).toMatchObject({ data: '/house/.data/main', tools: '/house/.data/tools' });
  expect(foldersFor('/house', { HOTLINE_DATA: '/srv/a' })).toMatchObject({
    data: '/srv/a',
    tools: '/srv/tools',
  });
  expect(foldersFor('/house', { HOTLINE_TOOLS: '/t' })).toMatchObject({
    data: '/house/.data/main',
    tools: '/t',
  });
});

test('installed means: by this very lock file, whatever the times say', () => {
  const folder = temporaryFolder();
  const lockFile = join(folder, 'package-lock.json');
  writeFileSync(lockFile, '{"a":1}');
  expect(isInstalled(folder)).toBe(false);
  noteInstall(folder);
  utimesSync(lockFile, new Date(), new Date(Date.now() + 60_000));
  expect(isInstalled(folder)).toBe(true);
  writeFileSync(lockFile, '{"a":2}');
  expect(isInstalled(folder)).toBe(false);
});

test('a failed install says so with the last words of npm, and is not noted', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  const npm = () => Promise.resolve({ code: 1, output: 'npm error network timeout' });
  await expect(install(folder, npm)).rejects.toThrow(/npm ci failed[\s\S]*network timeout/);
  expect(isInstalled(folder)).toBe(false);
});

test('development packages are installed under NODE_ENV=production too', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  let seen: string[] = [];
  await install(folder, (_command: string, args: string[]) => {
    seen = args;
    return Promise.resolve({ code: 0, output: '' });
  });
  expect(seen).toContain('--include=dev');
  expect(isInstalled(folder)).toBe(true);
});

test('a preferred port is taken when free, another one when not', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const other = await freePort(port);
  expect(other).not.toBe(port);
  await new Promise((resolve) => server.close(resolve));
  expect(await freePort(port)).toBe(port);
});

test('the run file is for the owner only, has a pid only for our own servers, and goes away', () => {
  const data = temporaryFolder();
  writeRunFile(data, {
    ready: {
      url: 'http://a/',
      consoleUrl: 'http://a/console',
      docsUrl: 'http://a/docs',
      demo: { wx: { appid: 'x' } },
    },
    mongo: { engine: 'mongod', version: '8.0.1', url: 'mongodb://m', pid: 7, port: 1, folder: '/f' },
    redis: { engine: 'given', version: 'redis 7.2.0', url: 'redis://r' },
  });
  expect(readRunFile(data)).toEqual({
    url: 'http://a/',
    consoleUrl: 'http://a/console',
    docsUrl: 'http://a/docs',
    pid: process.pid,
    mongo: { engine: 'mongod', version: '8.0.1', url: 'mongodb://m', pid: 7 },
    redis: { engine: 'given', version: 'redis 7.2.0', url: 'redis://r' },
    demo: { wx: { appid: 'x' } },
  });
  expect(statSync(join(data, 'run.json')).mode & 0o777).toBe(0o600);
  removeRunFile(data);
  expect(readRunFile(data)).toBeNull();
});

test('the build hash sees content, names and removals, and not times', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'server', 'deep'), { recursive: true });
  const file = join(folder, 'server', 'deep', 'a.ts');
  writeFileSync(file, 'one');
  const first = hashOf(folder, ['server', 'missing']);
  utimesSync(file, new Date(0), new Date(0));
  expect(hashOf(folder, ['server', 'missing'])).toBe(first);
  writeFileSync(join(folder, 'server', 'b.ts'), '');
  const second = hashOf(folder, ['server', 'missing']);
  expect(second).not.toBe(first);
  rmSync(join(folder, 'server', 'b.ts'));
  expect(hashOf(folder, ['server', 'missing'])).toBe(first);
  writeFileSync(file, 'two');
  expect(hashOf(folder, ['server', 'missing'])).not.toBe(first);
});

test('addresses are printed without the password that may stand in them', () => {
  expect(withoutPassword('mongodb://me:secret@db.example:27017/x')).toBe('mongodb://***@db.example:27017/x');
  expect(withoutPassword('redis://127.0.0.1:6')).toBe('redis://127.0.0.1:6');
});

test('every demo log-in is printed, and none outside demo mode', () => {
  const demo = {
    admin: { username: 'admin', password: 'a' },
    counselors: [{ username: 'zhang', password: 'b' }],
    supervisors: [{ username: 'li', password: 'c' }],
    institutionAdmins: [],
    wx: { appid: 'x' },
  };
  const lines = logIns(demo).join('\n');
  for (const who of ['admin  a', 'li     c', 'zhang  b']) expect(lines).toContain(who);
  expect(logIns(undefined)).toEqual([]);
});

test('a command that does not end in time is ended with its children', async () => {
  const begun = Date.now();
  const { code } = await run('sh', ['-c', 'sleep 60; true'], { timeoutMs: 300 });
  expect(code).not.toBe(0);
  expect(Date.now() - begun).toBeLessThan(10_000);
});
