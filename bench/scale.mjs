/**
 * How many nodes so many visitors need, from what one node was measured to bear. The figures come from the last
 * `npm run bench path cluster idle` (.data/bench), the price of hearing another node's event is measured here. The
 * p99 is simulated: Poisson arrivals, one event loop, group commits one after the other.
 *
 *   node bench/scale.mjs      TALKING=0.6 PER_MINUTE=6 CONSULTS=3 LOAD=0.6
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINE } from './lib/chat.mjs';
import { quantile } from './lib/machine.mjs';
import { tableOf } from './lib/report.mjs';

/** Of the visitors on line, the share that is in a conversation; the others wait or read. */
const TALKING = Number(process.env.TALKING ?? 0.6);
/** Messages a minute in one conversation, of both sides. */
const PER_MINUTE = Number(process.env.PER_MINUTE ?? 6);
/** Conversations that a counselor holds at once. */
const CONSULTS = Number(process.env.CONSULTS ?? 3);
/** How busy an event loop may be at the hour that is planned for. */
const LOAD = Number(process.env.LOAD ?? 0.6);
/** Typing, receipts and read marks that come with a message; each costs about what a bare relay costs. */
const LIGHT_EVENTS = 3;
/** More than these would take too long to come back from a node that is lost. */
const SOCKETS = 20_000;
/** Nodes of one cell: one bus, one Redis, one replica set. */
const CELL_NODES = 8;
const BATCH_FIXED_MS = Number(process.env.BATCH_FIXED_MS ?? 2);

const folder = join(fileURLToPath(new URL('..', import.meta.url)), '.data', 'bench');
const measured = measuredFigures();
const rows = [1_000, 10_000, 100_000, 1_000_000].map(plan);

const text = [
  `measured: ${Object.entries(measured)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ')}`,
  '',
  tableOf(rows),
  '',
].join('\n');
process.stdout.write(`${text}\n`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'scale.md'), text);

/** Microseconds a message or an event; KiB a socket. */
function measuredFigures() {
  const read = (name) => {
    try {
      return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')).rows;
    } catch {
      process.stderr.write(`No figures of "${name}" yet: npm run bench path cluster idle\n`);
      process.exit(1);
    }
  };
  const of = (all, variant) => all.find((row) => row.variant === variant);
  const path = read('path');
  return {
    'server µs': of(path, 'hotline')['server µs'],
    'database µs': of(path, 'hotline')['database µs'],
    'relay µs': of(path, 'room')['server µs'],
    'KiB a socket': of(read('idle'), 'hotline')['KiB a socket (RSS)'],
    'bus µs': busMicros(),
  };
}

/** What a node pays for one message of another node that concerns nobody here. */
function busMicros() {
  const [id, visitor] = ['a'.repeat(24), 'b'.repeat(24)];
  const parties = { id, visitor, counselor: 'c'.repeat(24), institution: 'SX001' };
  const message = {
    id: 'd'.repeat(24),
    conversationId: id,
    seq: 17,
    clientMsgId: 'e'.repeat(21),
    kind: 'text',
    text: LINE,
    time: 1_764_000_000_000,
    sender: { id: visitor, name: '访客', type: 'VISITOR' },
  };
  const event = { name: 'message.created', parties, message, link: 'f'.repeat(44) };
  const turn = JSON.stringify({ from: 'other', events: Array.from({ length: 10 }, () => event) });
  const here = new Set(['g'.repeat(24)]);
  const run = (turns) => {
    for (let count = 0; count < turns; count += 1)
      JSON.parse(turn).events.filter(
        (each) => here.has(each.parties.visitor) || here.has(each.parties.counselor),
      );
  };
  run(2_000);
  const begun = performance.now();
  run(5_000);
  return ((performance.now() - begun) * 1_000) / 50_000;
}

/** The fewest nodes whose event loops stay under LOAD and whose sockets under SOCKETS, in cells of at most CELL_NODES. */
function plan(visitors) {
  const perSecond = (visitors * TALKING * PER_MINUTE) / 60;
  const sockets = visitors * (1 + TALKING / CONSULTS);
  const own = measured['server µs'] + LIGHT_EVENTS * measured['relay µs'];
  const hearing = (nodes, rate) => ((rate - rate / nodes) * measured['bus µs']) / 1e6;
  const busy = (nodes, rate) => ((rate / nodes) * own) / 1e6 + hearing(nodes, rate);
  let cells = 1;
  let nodes = 2;
  while (busy(nodes, perSecond / cells) > LOAD || sockets / cells / nodes > SOCKETS) {
    if (nodes < CELL_NODES) nodes += 1;
    else cells += 1;
  }
  const rate = perSecond / cells;
  const acks = simulate(rate / nodes, own / (1 - hearing(nodes, rate)));
  return {
    'visitors on line': visitors,
    'messages/s': perSecond,
    'cells × nodes': `${cells} × ${nodes}`,
    'event loop, busy': busy(nodes, rate),
    'sockets a node': Math.round(sockets / cells / nodes),
    'MiB a node for sockets': (sockets / cells / nodes) * (measured['KiB a socket'] / 1024),
    'database cores a cell': (rate * measured['database µs']) / 1e6,
    'ack p50 ms': acks.p50,
    'ack p99 ms': acks.p99,
  };
}

/** One node for a minute: an event loop that takes `micros` a message, then batches to the database one by one. */
function simulate(perSecond, micros) {
  const latencies = [];
  let [clock, loopFree] = [0, 0];
  const ready = [];
  while (clock < 60_000) {
    clock += (-Math.log(1 - Math.random()) * 1_000) / perSecond;
    loopFree = Math.max(loopFree, clock) + micros / 1_000;
    ready.push({ sent: clock, at: loopFree });
  }
  let free = 0;
  for (let from = 0; from < ready.length;) {
    const begun = Math.max(free, ready[from].at);
    let to = from;
    while (to < ready.length && ready[to].at <= begun && to - from < 500) to += 1;
    free = begun + BATCH_FIXED_MS + ((to - from) * measured['database µs']) / 1_000;
    for (; from < to; from += 1) latencies.push(free - ready[from].sent);
  }
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
