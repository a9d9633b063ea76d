/**
 * Two nodes: one side of each conversation on either. The product on its own node bus against the product on one
 * node, and against a bare Socket.IO pair with the stock Redis adapter.
 *
 *   node bench/cluster.mjs      ROUNDS=2 SECONDS=3 CONVERSATIONS=100
 */
import { connectPairs, measure } from './lib/chat.mjs';
import { median } from './lib/machine.mjs';
import { pairsOf } from './lib/pairs.mjs';
import { report } from './lib/report.mjs';
import { onStage } from './lib/stage.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 2);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONVERSATIONS = Number(process.env.CONVERSATIONS ?? 100);
/** Messages a second at which the delay is looked at. */
const CALM = 500;

const VARIANTS = {
  'bare, one node': { kind: 'room', nodes: 1 },
  'bare, Redis adapter': { kind: 'adapter', nodes: 2 },
  'hotline, one node': { kind: 'hotline', nodes: 1 },
  'hotline, two nodes': { kind: 'hotline', nodes: 2 },
};

onStage(async (stage) => {
  const runs = Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []]));
  for (let serial = 0; serial < ROUNDS; serial += 1)
    for (const [name, variant] of Object.entries(VARIANTS)) {
      const { servers, pairs, done } = await pairsOf(stage, { ...variant, count: CONVERSATIONS, serial });
      const pids = Object.fromEntries(servers.map(({ pid }, index) => [`node${index}`, pid]));
      const load = await connectPairs(pairs);
      const options = { pids: { ...pids, redis: stage.redis.pid }, seconds: SECONDS, rate: CALM };
      runs[name].push(await measure(load, options));
      load.closeAll();
      await done();
    }
  const of = (name, read) => median(runs[name].map(read));
  const rate = (name) => of(name, (run) => run.full.perSecond);
  const nodes = (name) => of(name, ({ micros: { node0, node1 = 0, redis } }) => node0 + node1 + redis);
  const rows = Object.keys(VARIANTS).map((name) => ({
    variant: name,
    'messages/s': rate(name),
    'nodes and Redis, µs a message': nodes(name),
    [`delivered at ${CALM}/s, p50 ms`]: of(name, (run) => run.arrived.p50),
    'p99 ms': of(name, (run) => run.arrived.p99),
    'strangers, cores': of(name, (run) => run.strangers),
  }));
  const [one, two] = ['hotline, one node', 'hotline, two nodes'];
  const extra = (read) => of(two, read) - of(one, read);
  report(stage, 'cluster', {
    rows,
    goals: [
      { figure: 'two nodes / one node, messages/s', value: rate(two) / rate(one), goal: '≥ 0.70' },
      { figure: 'CPU of two nodes / one', value: nodes(two) / nodes(one), goal: '≤ 1.7' },
      {
        figure: 'stock adapter / bare node, messages/s',
        value: rate('bare, Redis adapter') / rate('bare, one node'),
        goal: '≥ 0',
      },
      { figure: 'extra delay p50, ms', value: extra((run) => run.arrived.p50), goal: '≤ 0.5' },
      { figure: 'extra delay p99, ms', value: extra((run) => run.arrived.p99), goal: '≤ 3' },
    ],
  });
});
