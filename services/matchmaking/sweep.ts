/** The net under every trigger: what a crash or a lost push left undone is finished within seconds (I7, I8). */
import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { enqueueAll, waitingOf } from './queue.js';
import { openSeat } from './seat.js';
import { follows, FOLLOWS, settleSeat } from './settle.js';

/** How long a seat may stand without its conversation having followed. */
const FOLLOW_MS = 5_000;
/** Counselors whose conversations are read by one query. */
const CHUNK = 200;

/** Puts whoever waits into line and offers every free seat again: no visitor is forgotten. */
export async function sweepWaiting(ctx: Ctx): Promise<void> {
  const codes = await ctx.models.Conversation.distinct('institution', { status: 'WAITING', open: true });
  await Promise.all(
    codes.map(async (code) => {
      await enqueueAll(ctx, await waitingOf(ctx, code));
      await ctx.admissions.admit(code);
    }),
  );
}

/** Withdraws seats whose conversation did not follow, and frees those whose conversation is over. */
export async function sweepSeats(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.clock.now() - FOLLOW_MS);
  const duties = await ctx.models.Duty.find({ 'seats.at': { $lt: before } }).lean();
  let freed = 0;
  for (let from = 0; from < duties.length; from += CHUNK)
    freed += await sweepDuties(ctx, duties.slice(from, from + CHUNK), before);
  return freed;
}

async function sweepDuties(ctx: Ctx, duties: Duty[], before: Date): Promise<number> {
  const stands = duties.flatMap((duty) =>
    duty.seats.filter((seat) => seat.state !== 'WRAP_UP' && seat.at < before).map((seat) => ({ duty, seat })),
  );
  if (stands.length === 0) return 0;
  const rows = await ctx.models.Conversation.find(
    { _id: { $in: stands.map(({ seat }) => seat.conversation) } },
    FOLLOWS,
  ).lean();
  const conversations = new Map(rows.map((row) => [row._id.toHexString(), row]));
  const freedIn = new Set<string>();
  let freed = 0;
  for (const { duty, seat } of stands) {
    const row = conversations.get(seat.conversation.toHexString());
    if (row && follows(row, duty._id)) {
      if (row.status === 'IN_PROGRESS' && seat.state === 'OFFERED') await openSeat(ctx, duty._id, row._id);
      continue;
    }
    if (!(await settleSeat(ctx, duty._id, seat))) continue;
    freed += 1;
    freedIn.add(duty.institution);
  }
  for (const institution of freedIn) await ctx.admissions.admit(institution);
  return freed;
}
