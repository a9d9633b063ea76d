import { OUTBOX_CHANNELS, type OutboxChannel } from '../../contract/enums.js';
import type { Ctx } from '../context.js';

/** How many notices wait and how many were given up, by the way on which they leave. */
export async function outboxFigures(
  ctx: Pick<Ctx, 'models'>,
): Promise<{ channel: OutboxChannel; waiting: number; dead: number }[]> {
  const { Outbox } = ctx.models;
  return Promise.all(
    OUTBOX_CHANNELS.map(async (channel) => {
      const [waiting, dead] = await Promise.all([
        Outbox.countDocuments({ state: 'PENDING', channel }),
        Outbox.countDocuments({ state: 'DEAD', channel }),
      ]);
      return { channel, waiting, dead };
    }),
  );
}
