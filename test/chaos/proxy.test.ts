/** What heals a link heals it at once: a harness that went on being slow would blame the product for it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';

let server: Server;
let proxy: Proxy;
let client: Socket;
let arrived = Buffer.alloc(0);

beforeEach(async () => {
  arrived = Buffer.alloc(0);
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      arrived = Buffer.concat([arrived, chunk]);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  proxy = await startProxy('127.0.0.1', (server.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  client.on('error', () => undefined);
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((done) => server.close(done));
});

const bytes = (length: number, first: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (first + index) % 251));

test('what a throttle held back arrives as soon as the link is healed, whole and in its order', async () => {
  // Ten minutes' worth.
  const [before, after] = [bytes(60_000, 0), bytes(1_000, 7)];
  proxy.throttle(100, 40);
  client.write(before);
  await until(() => arrived.length > 0, 'the first slice');
  expect(arrived.length).toBeLessThan(30_000);
  proxy.heal();
  client.write(after);
  await until(() => arrived.length === 61_000, 'everything is there', 60_000);
  expect(arrived.equals(Buffer.concat([before, after]))).toBe(true);
});

test('a delay holds everything back, its end too', async () => {
  proxy.delay(200);
  const begun = performance.now();
  client.end(bytes(500, 3));
  await until(() => arrived.length === 500, 'it is there', 60_000);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(190);
});
