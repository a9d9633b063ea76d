import { WatchWall } from '../../contract/wall.js';
import { readWall } from '../../services/wall/wall.js';
import { handler, type Handlers } from '../handler.js';

export const wallHandlers: Handlers = {
  'wall:watch': handler(WatchWall, async (ctx, socket, { on }) => {
    if (!on) {
      delete socket.data.wall;
      return null;
    }
    const wall = await readWall(ctx, socket.data.principal);
    socket.data.wall = { told: '', at: ctx.clock.monotonic() };
    return wall;
  }),
};
