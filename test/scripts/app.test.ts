/** The app process: its messages, its restarts, its end. The apps here are real processes of a few lines. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startApp } from '../../scripts/lib/app.mjs';
import { identityOf } from '../../scripts/lib/processes.mjs';
import { eventually, temporaryFolder } from './support.js';

interface Ready {
  url: string;
  pid: number;
}

/** Starts a few lines as the app; `readies` are the messages that came, `said` what the bootstrap would print. */
async function startLines(lines: string, env: Record<string, string> = {}) {
  const entry = join(temporaryFolder(), 'app.mjs');
  writeFileSync(entry, lines);
  const readies: Ready[] = [];
  const said: string[] = [];
  const app = await startApp({
    entry,
    cwd: process.cwd(),
    env: { ...process.env, ...env },
    keeper: { guard: () => undefined },
    onReady: (ready: Ready) => readies.push(ready),
    say: (text: string) => said.push(text),
  });
  return { app, readies, said };
}

const SERVING = `
  import { createServer } from 'node:http';
  const server = createServer((_request, response) => response.end('hello'));
  server.once('error', (err) => {
    process.send({ type: 'fatal', message: 'Port ' + process.env.PORT + ' is taken.' }, () => process.exit(1));
  });
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    const url = 'http://127.0.0.1:' + server.address().port + '/';
    process.send({ type: 'ready', url, consoleUrl: url, docsUrl: url, pid: process.pid });
  });
  process.on('disconnect', () => process.exit());`;

const env = (): Record<string, string> => {
  delete process.env['PORT'];
  return {};
};

test('an app that dies comes back at the same address', async () => {
  const { app, readies, said } = await startLines(SERVING, env());
  try {
    const [first] = readies;
    if (!first) throw new Error('not ready');
    process.kill(first.pid, 'SIGKILL');
    await eventually('it is ready again', () => readies.length === 2);
    expect(readies[1]?.url).toBe(first.url);
    expect(await (await fetch(first.url)).text()).toBe('hello');
    expect(said[0]).toBe('the app ended (SIGKILL): starting it again in 1 s');
  } finally {
    await app.stop();
  }
});

test('what it calls fatal is the sentence of the refusal', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  await expect(startLines(SERVING, { PORT: port })).rejects.toThrow(`Port ${port} is taken.`);
  await new Promise((resolve) => taken.close(resolve));
});

test('an app that ends before it is ready is not tried for ever', async () => {
  await expect(startLines('process.exit(7)')).rejects.toThrow('ended while starting (exit code 7)');
});

test('stop lets it finish, and it is not started again', async () => {
  const leave = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200));`;
  const { app, readies, said } = await startLines(SERVING + leave, env());
  await app.stop();
  expect(identityOf(readies[0]?.pid ?? 0)).toBeNull();
  expect(said).toEqual([]);
});
