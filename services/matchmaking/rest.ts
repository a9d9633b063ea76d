import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';

/**
 * Whoever had a session of high risk is given nobody from the line for a while (policy `highRiskBreakSeconds`).
 * Written before the seat is free, so that no round of admissions comes between. Safe to repeat.
 * @param since when it left them; left out = its end, or now
 */
export async function restAfter(
  ctx: Pick<Ctx, 'clock' | 'models' | 'policies'>,
  session: Pick<Conversation, 'risk' | 'institution' | 'endAt'>,
  counselor: Types.ObjectId,
  since?: Date,
): Promise<void> {
  if (session.risk !== 'high') return;
  const { highRiskBreakSeconds } = await ctx.policies.get(session.institution);
  if (highRiskBreakSeconds === 0) return;
  const from = (since ?? session.endAt)?.getTime() ?? ctx.clock.now();
  const restUntil = new Date(from + highRiskBreakSeconds * 1_000);
  await ctx.models.Duty.updateOne({ _id: counselor }, { $max: { restUntil } });
}
