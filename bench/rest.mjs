/**
 * HTTP: a documented call with a token check against bare Express, and a page of messages against the same query by
 * the bare driver. 32 keep-alive connections in a closed loop.
 *
 *   node bench/rest.mjs      ROUNDS=2 SECONDS=3
 */
import http from 'node:http';
import { MongoClient } from 'mongodb';
import { median, meter, quantile, quiet } from './lib/machine.mjs';
import { pairsOf } from './lib/pairs.mjs';
import { report } from './lib/report.mjs';
import { onStage } from './lib/stage.mjs';
import { connect, frameMaker } from './lib/wire.mjs';
import { LINE } from './lib/chat.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 2);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONNECTIONS = 32;

onStage(async (stage) => {
  const { server, pairs, done } = await pairsOf(stage, { kind: 'hotline', count: 1, serial: 0 });
  const [{ room, sides }] = pairs;
  await fill(room, sides[0], 60);
  const bare = await stage.bare({ BARE: 'express' });
  const headers = { authorization: `Bearer ${sides[0].auth.token}` };
  const calls = {
    'bare Express, JSON': { port: bare.port, path: '/json', pid: bare.pid },
    'GET /config': { port: server.port, path: '/config', headers, pid: server.pid },
    'GET /api/v1/me': { port: server.port, path: '/api/v1/me', headers, pid: server.pid },
    'page of 20 messages': {
      ...{ port: server.port, headers, pid: server.pid },
      path: `/api/v1/conversations/${room}/messages?after=0&limit=20`,
    },
  };
  const runs = Object.fromEntries(
    [...Object.keys(calls), 'bare driver, 20 messages'].map((name) => [name, []]),
  );
  const client = await new MongoClient(stage.env.MONGODB_URL, { maxPoolSize: 20 }).connect();
  const messages = client.db('bench_0_1').collection('messages');
  const { conversation } = await messages.findOne({});
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(calls)) runs[name].push(await load(() => get(call), call.pid));
    runs['bare driver, 20 messages'].push(
      await load(
        () =>
          messages
            .find({ conversation, seq: { $gt: 0 } })
            .sort({ seq: 1 })
            .limit(20)
            .toArray(),
        process.pid,
      ),
    );
  }
  await client.close();
  await bare.stop();
  await done();
  const of = (name, read) => median(runs[name].map(read));
  const rate = (name) => of(name, (run) => run.perSecond);
  report(stage, 'rest', {
    rows: Object.keys(runs).map((name) => ({
      call: name,
      'calls/s': rate(name),
      'server µs': of(name, (run) => run.micros),
      'p50 ms': of(name, (run) => run.p50),
      'p99 ms': of(name, (run) => run.p99),
    })),
    goals: [
      {
        figure: 'GET /config / bare Express',
        value: rate('GET /config') / rate('bare Express, JSON'),
        goal: '≥ 0.90',
      },
      {
        figure: 'page of 20 / bare driver',
        value: rate('page of 20 messages') / rate('bare driver, 20 messages'),
        goal: '≥ 0.90',
      },
    ],
  });
});

async function fill(conversationId, side, count) {
  const socket = await connect(side);
  const frame = frameMaker(
    `42#########["message:send",${JSON.stringify({ conversationId, clientMsgId: '#########', kind: 'text', text: LINE })}]`,
  );
  for (let number = 100_000_000; number < 100_000_000 + count; number += 1)
    await new Promise((answered) => {
      socket.onPacket = (buffer, start) => buffer[start] === 0x33 && answered();
      socket.write(frame(number));
    });
  socket.close();
}

const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
function get({ port, path, headers }) {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers, agent }, (answer) => {
        answer.resume();
        answer.once('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${answer.statusCode}`)),
        );
      })
      .once('error', reject);
  });
}

async function load(call, pid) {
  await quiet();
  const latencies = [];
  const end = performance.now() + SECONDS * 1000;
  const running = meter({ server: pid });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        const begun = performance.now();
        await call();
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const { seconds, cpu } = running.stop();
  return {
    perSecond: latencies.length / seconds,
    micros: (cpu.server * 1e6) / latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}
