/** Something done again and again while this node lives, never twice at once; a failed turn is logged and the next one comes. */
import type { Ctx } from '../services/context.js';

export function startPulse(
  ctx: Ctx,
  name: string,
  everyMs: number,
  beat: () => Promise<void>,
): { stop(): void } {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    beat()
      .catch((error: unknown) => {
        ctx.log.warn({ err: String(error) }, name);
      })
      .finally(() => {
        running = false;
      });
  }, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
    },
  };
}
