/** The net under every trigger: what a crash or a lost push left undone is finished within seconds (I7, I8). */
import type { Duty } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { enqueueMissing, waitingOf } from './queue.js';
import { openSeat } from './seat.js';
import { settleSeat } from './settle.js';

/** How long a seat may stand without its conversation having followed. */
const FOLLOW_MS = 5_000;

/** Puts whoever waits into line and offers every free seat again: no visitor is forgotten. */
export async function sweepWaiting(ctx: Ctx): Promise<void> {
  const codes = await ctx.models.Conversation.distinct('institution', { status: 'WAITING', open: true });
  await Promise.all(
    codes.map(async (code) => {
      await enqueueMissing(ctx, await waitingOf(ctx, code));
      await ctx.admissions.admit(code);
    }),
  );
}

/** Withdraws seats whose conversation did not follow, and frees those whose conversation is over. */
export async function sweepSeats(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.clock.now() - FOLLOW_MS);
  const duties = await ctx.models.Duty.find({ 'seats.at': { $lt: before } }).lean();
  let freed = 0;
  for (const duty of duties) freed += await sweepDuty(ctx, duty, before);
  return freed;
}

async function sweepDuty(ctx: Ctx, duty: Duty, before: Date): Promise<number> {
  const old = duty.seats.filter((seat) => seat.state !== 'WRAP_UP' && seat.at < before);
  if (old.length === 0) return 0;
  const rows = await ctx.models.Conversation.find(
    {
      _id: { $in: old.map((seat) => seat.conversation) },
      $or: [
        { status: 'IN_PROGRESS', counselor: duty._id },
        { status: 'WAITING', 'offer.counselor': duty._id },
      ],
    },
    { status: 1 },
  ).lean();
  const followed = new Set(rows.map((row) => row._id.toHexString()));
  for (const { _id } of rows.filter(({ status }) => status === 'IN_PROGRESS'))
    if (old.some(({ conversation, state }) => state === 'OFFERED' && conversation.equals(_id)))
      await openSeat(ctx, duty._id, _id);
  let freed = 0;
  for (const seat of old) {
    if (followed.has(seat.conversation.toHexString())) continue;
    if (await settleSeat(ctx, duty._id, seat)) freed += 1;
  }
  if (freed > 0) await ctx.admissions.admit(duty.institution);
  return freed;
}
