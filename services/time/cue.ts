import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { postSystem } from '../message/system.js';

/** A cue that is later than this tells a wrong number of minutes: it is left out. */
const STALE_MS = 60_000;

/** Tells both sides how many minutes are left; the deadline is taken away after it was said, never before. */
export async function fireCue(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  const limit = row.deadlines.find((deadline) => deadline.kind === 'limit')?.at.getTime();
  const said = row.status === 'IN_PROGRESS' && limit !== undefined && ctx.clock.now() - at < STALE_MS;
  if (said) {
    const minutes = Math.round((limit - at) / 60_000);
    await postSystem(ctx, row, `sys:time-cue:${String(at)}`, { event: 'time-cue', data: { minutes } });
  }
  await ctx.models.Conversation.updateOne(
    { _id: row._id },
    { $pull: { deadlines: { kind: 'cue', at: new Date(at) } } },
  );
  return said;
}
