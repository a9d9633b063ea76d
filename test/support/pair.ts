/** Two nodes of one hotline, without workers: sweeps run when the test says so, and time stands until it is moved. */
import type { Ctx } from '../../services/context.js';
import { startHotline, type Hotline } from './app.js';
import { testClock, type TestClock } from './clock.js';

export interface Pair {
  hotline: Hotline;
  clock: TestClock;
  /** Of the first node. */
  ctx: Ctx;
  /** The addresses of the two. */
  a: string;
  b: string;
}

export async function startPair(): Promise<Pair> {
  const clock = testClock();
  const hotline = await startHotline({ nodes: 2, clock, env: { FACES: 'server,realtime' } });
  const [a, b] = hotline.nodes.map((node) => node.url) as [string, string];
  return { hotline, clock, ctx: hotline.node.ctx, a, b };
}
