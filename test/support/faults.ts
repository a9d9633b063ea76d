/** The twelve kinds of fault, each aimed at a moment in which a send is under way on the path that it hits. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, NodeProcess } from './faults-cluster.js';
import type { History } from './history.js';
import type { Random } from './history-random.js';
import type { Proxy } from './proxy.js';

export const FAULTS = [
  'kill-server',
  'kill-worker',
  'kill-redis',
  'kill-database',
  'pause-server',
  'restart-server',
  'cut',
  'hole',
  'delay',
  'throttle',
  'flushall',
  'cut-pubsub',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Injected {
  kind: Fault;
  /** On which server or link. */
  where: string;
  /** A send was under way on the path at the very moment. */
  hit: boolean;
  /** From healing to the first acknowledgement on that path, in milliseconds. */
  recoveredMs: number;
}

interface Plan {
  where: string;
  /** Sends of this server are hit; of any when undefined. */
  node?: number;
  strike(): void | Promise<void>;
  /** How long the harm lasts before it is healed. */
  holdMs: number;
  heal(): void | Promise<void>;
}

/** How long to wait for a send to aim at, and for the first acknowledgement after healing. */
const AIM_MS = 3_000;
const RECOVER_MS = 60_000;

/** The kinds in an order of chance, each as often as every other. */
export function drawFaults(random: Random, count: number, only?: readonly string[]): Fault[] {
  const kinds = FAULTS.filter((kind) => only?.includes(kind) ?? true);
  const drawn: Fault[] = [];
  while (drawn.length < count) drawn.push(...random.shuffle(kinds));
  return drawn.slice(0, count);
}

export async function inject(
  cluster: Cluster,
  history: History,
  random: Random,
  kind: Fault,
): Promise<Injected> {
  const plan = planOf(cluster, random, kind);
  const hit = await aim(history, random, plan.node);
  history.note('fault', { kind, where: plan.where, hit });
  await plan.strike();
  await pause(plan.holdMs);
  await plan.heal();
  const healed = performance.now();
  history.note('healed', { kind, where: plan.where });
  const timeout = new AbortController();
  const first = await Promise.race([
    history.nextOk(plan.node),
    pause(RECOVER_MS, Infinity, { signal: timeout.signal }).catch(() => Infinity),
  ]);
  timeout.abort();
  return { kind, where: plan.where, hit, recoveredMs: Math.max(0, Math.round(first - healed)) };
}

/** Waits for a send to begin there and then a moment of chance, so that faults fall anywhere into its way. */
async function aim(history: History, random: Random, node: number | undefined): Promise<boolean> {
  const end = performance.now() + AIM_MS;
  while (performance.now() < end) {
    const timeout = new AbortController();
    await Promise.race([
      history.nextTry(node),
      pause(AIM_MS, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    await pause(random.between(0, 8));
    if (history.inFlight(node) > 0) return true;
  }
  return history.inFlight(node) > 0;
}

function planOf(cluster: Cluster, random: Random, kind: Fault): Plan {
  const node = random.between(0, cluster.servers.length - 1);
  const server = cluster.servers[node] as NodeProcess;
  const processes = [...cluster.servers, cluster.worker];
  switch (kind) {
    case 'kill-server':
      return {
        where: server.name,
        node,
        strike: () => server.signal('SIGKILL'),
        holdMs: random.between(0, 1_500),
        heal: () => again(server),
      };
    case 'restart-server':
      return {
        where: server.name,
        node,
        strike: () => server.signal('SIGTERM'),
        holdMs: 0,
        heal: () => again(server),
      };
    case 'pause-server':
      return {
        where: server.name,
        node,
        strike: () => server.signal('SIGSTOP'),
        holdMs: random.between(5_000, 7_000),
        heal: () => server.signal('SIGCONT'),
      };
    case 'kill-worker':
      return {
        where: 'worker',
        strike: () => cluster.worker.signal('SIGKILL'),
        holdMs: random.between(0, 1_500),
        heal: () => again(cluster.worker),
      };
    case 'kill-redis':
      return { where: 'redis', strike: () => cluster.killRedis(), holdMs: 0, heal: () => undefined };
    case 'kill-database':
      return { where: 'database', strike: () => cluster.killMongo(), holdMs: 0, heal: () => undefined };
    case 'flushall':
      return {
        where: 'redis',
        strike: async () => {
          await cluster.redis.flushall();
        },
        holdMs: 0,
        heal: () => undefined,
      };
    case 'cut-pubsub': {
      const kill = async () => {
        await cluster.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub').catch(() => 0);
      };
      let timer: NodeJS.Timeout | undefined;
      return {
        where: 'redis',
        async strike() {
          await kill();
          timer = setInterval(() => void kill(), 50);
        },
        holdMs: random.between(1_000, 2_500),
        heal: () => clearInterval(timer),
      };
    }
    case 'cut':
    case 'hole':
    case 'delay':
    case 'throttle': {
      const hurt = random.pick(kind === 'delay' || kind === 'throttle' ? cluster.servers : processes);
      const links =
        hurt === cluster.worker ? (['mongo', 'redis'] as const) : (['mongo', 'redis', 'clients'] as const);
      const name = random.pick(links);
      const link: Proxy = hurt.links[name];
      const index = cluster.servers.indexOf(hurt);
      const direction = random.pick(['up', 'down'] as const);
      const strike = {
        cut: () => link.cut(),
        hole: () => link.hole(direction),
        delay: () => link.delay(random.between(50, 400), 100),
        throttle: () => link.throttle(random.between(4_000, 20_000), random.between(7, 90)),
      }[kind];
      return {
        where: `${hurt.name}–${name}${kind === 'hole' ? ` ${direction}` : ''}`,
        ...(index < 0 ? {} : { node: index }),
        strike,
        holdMs: random.between(1_000, 3_000),
        heal: () => link.heal(),
      };
    }
  }
}

async function again(process: NodeProcess): Promise<void> {
  while (!process.isGone()) await pause(20);
  await process.start();
}
