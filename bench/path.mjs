/**
 * The message path: 200 conversations, both sides write. Bare Socket.IO (`echo`: acknowledge only; `room`: to the
 * other side too; `insert`: one insertOne first) against the product, whose acknowledgement means stored, sealed,
 * chained and allowed. Rounds are interleaved, so that a noisy minute falls on all of them.
 *
 *   node bench/path.mjs      ROUNDS=3 SECONDS=3 CONVERSATIONS=200
 */
import { connectPairs, measure } from './lib/chat.mjs';
import { pairsOf } from './lib/pairs.mjs';
import { median } from './lib/machine.mjs';
import { onStage } from './lib/stage.mjs';
import { report } from './lib/report.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONVERSATIONS = Number(process.env.CONVERSATIONS ?? 200);

onStage(async (stage) => {
  const runs = { echo: [], room: [], insert: [], hotline: [] };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of Object.keys(runs)) {
      const pids = { mongo: stage.mongo.pid, redis: stage.redis.pid };
      const { server, pairs, done } = await pairsOf(stage, { kind, count: CONVERSATIONS, serial: round });
      const load = await connectPairs(pairs);
      runs[kind].push(await measure(load, { pids: { server: server.pid, ...pids }, seconds: SECONDS }));
      load.closeAll();
      await done();
    }
  const of = (kind, read) => median(runs[kind].map(read));
  const rate = (kind) => of(kind, (run) => run.full.perSecond);
  const rows = Object.keys(runs).map((kind) => ({
    variant: kind,
    'messages/s': rate(kind),
    'server µs': of(kind, (run) => run.micros.server),
    'database µs': of(kind, (run) => run.micros.mongo),
    'half load p50 ms': of(kind, (run) => run.half.p50),
    'half load p99 ms': of(kind, (run) => run.half.p99),
    'strangers, cores': of(kind, (run) => run.strangers),
  }));
  const goals = [
    { figure: 'durable throughput / bare room', value: rate('hotline') / rate('room'), goal: '≥ 0.60' },
    { figure: 'durable throughput / insertOne each', value: rate('hotline') / rate('insert'), goal: '≥ 4' },
    {
      figure: 'server CPU a message / bare room',
      value: of('hotline', (run) => run.micros.server) / of('room', (run) => run.micros.server),
      goal: '≤ 1.6',
    },
    { figure: 'half load p50, ms', value: of('hotline', (run) => run.half.p50), goal: '≤ 5' },
    { figure: 'half load p99, ms', value: of('hotline', (run) => run.half.p99), goal: '≤ 30' },
  ];
  report(stage, 'path', { rows, goals });
});
