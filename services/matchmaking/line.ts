import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/rules.js';
import type { Waiter } from './choose.js';
import { waitingFilter } from './queue.js';
import { whyAhead } from './urgency.js';

const LONGEST = 2_000;

/** What a choice needs of those who wait and are offered to nobody, in the order of the line. */
export async function lineOf(ctx: Ctx, institution: string, policy: Policy): Promise<Waiter[]> {
  const rows = await ctx.models.Conversation.find(
    { ...waitingFilter(institution), offer: null },
    {
      ...{ requested: 1, preferred: 1, wish: 1, offered: 1, fellBack: 1, createdAt: 1 },
      ...{ queueScore: 1, risk: 1, urgency: 1, urgencyFrom: 1, creditMs: 1, history: 1 },
    },
  )
    .sort({ queueScore: 1, _id: 1 })
    .limit(LONGEST)
    .lean<Waiting[]>();
  const now = ctx.clock.now();
  return rows.map((row) => waiterOf(row, policy, now));
}

type Waiting = Pick<
  Conversation,
  '_id' | 'requested' | 'preferred' | 'wish' | 'offered' | 'fellBack' | 'createdAt'
> &
  Parameters<typeof whyAhead>[0];

function waiterOf(row: Waiting, policy: Policy, now: number): Waiter {
  return {
    id: row._id.toHexString(),
    requested: row.requested?.toHexString() ?? null,
    preferred: row.preferred?.toHexString() ?? null,
    wish: row.wish ?? null,
    wishUntil: row.createdAt.getTime() + policy.wishWaitMinutes * 60_000,
    offered: new Set((row.offered ?? []).map((id) => id.toHexString())),
    ahead: whyAhead(row, now, policy),
    fellBack: row.fellBack ?? false,
  };
}
