/**
 * Tells those who watch the wall what has changed on it, and every few seconds that nothing has: what is shown is
 * never older than 5 s. Gathered once a node and institution, narrowed for each watcher in memory.
 */
import type { Ctx } from '../services/context.js';
import { readWall } from '../services/wall/wall.js';
import { startPulse } from './pulse.js';
import type { HotlineServer } from './gateway.js';

const EVERY_MS = 2_000;
/** Told anew after so long even if it is the same. */
const AGAIN_MS = 3_500;

export const startWall = (io: HotlineServer, ctx: Ctx) =>
  startPulse(ctx, 'wall', EVERY_MS, () => tell(io, ctx));

async function tell(io: HotlineServer, ctx: Ctx): Promise<void> {
  const watching = [...io.sockets.sockets.values()].filter(({ data }) => data.wall !== undefined);
  for (const socket of watching) {
    const wall = await readWall(ctx, socket.data.principal);
    const watch = socket.data.wall;
    const told = JSON.stringify({ ...wall, time: 0 });
    const now = ctx.clock.monotonic();
    if (!watch || (watch.told === told && now - watch.at < AGAIN_MS)) continue;
    await ctx.cutoffs.fresh();
    // Cut off while we waited: nothing more.
    if (!socket.connected) continue;
    socket.data.wall = { told, at: now };
    socket.emit('wall:changed', wall);
  }
}
