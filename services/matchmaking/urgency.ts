/**
 * Risk-aware order. Whoever must be served soon counts as having come earlier (policy `urgencyLeadMinutes`), and never
 * earlier than somebody who has waited for `neverPassedMinutes` at that moment: from that age on nobody urgent goes in
 * front of them. Place and assignment read the same stored score, so the order survives whatever Redis forgets.
 */
import type { Types } from 'mongoose';
import type { Urgency, UrgencySource } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import type { Policy } from '../policy/rules.js';
import { enqueue } from './queue.js';

const MINUTE = 60_000;
type Rules = Pick<Policy, 'urgencyLeadMinutes' | 'neverPassedMinutes'>;

/**
 * The score that an urgency is worth at a moment.
 * @param arrived, now epoch ms
 */
export function scoreOfUrgency(urgency: Urgency, arrived: number, now: number, rules: Rules): number {
  if (urgency === 'none') return arrived;
  const lead = rules.urgencyLeadMinutes[urgency] * MINUTE;
  // Behind everybody who came by then, their ties too.
  return Math.min(arrived, Math.max(arrived - lead, now - rules.neverPassedMinutes * MINUTE + 1));
}

/** When they came, in epoch ms: their score without any credit. */
export const arrivalOf = (row: Pick<Conversation, 'history' | 'queueScore'>): number =>
  row.history?.[0]?.at.getTime() ?? row.queueScore;

/**
 * Puts somebody who waits forward; it never puts anybody back. Place and order are told again. Does nothing for who
 * is served by now, or is as urgent already.
 */
export async function raiseUrgency(
  ctx: Ctx,
  id: Types.ObjectId,
  to: Urgency,
  from: UrgencySource,
): Promise<void> {
  if (to === 'none') return;
  const waiting = {
    _id: id,
    status: 'WAITING' as const,
    open: true as const,
    urgency: { $nin: to === 'moderate' ? (['moderate', 'high'] as const) : (['high'] as const) },
  };
  const row = await ctx.models.Conversation.findOne(waiting).lean();
  if (!row) return;
  const policy = await ctx.policies.get(row.institution);
  const queueScore = scoreOfUrgency(to, arrivalOf(row), ctx.clock.now(), policy);
  const raised = await ctx.models.Conversation.findOneAndUpdate(
    waiting,
    { $set: { urgency: to, urgencyFrom: from }, $min: { queueScore }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!raised) return;
  await enqueue(ctx, raised);
  await publishConversation(ctx, raised, null);
  // Tells everybody their place, too.
  await ctx.admissions.admit(raised.institution);
}

const SOURCES: Record<UrgencySource, string> = { INTAKE: '等待中的问答', WORDS: '等待中的留言' };

/** Why somebody stands where they do, in words for people; null = in the order of arrival. */
export function whyAhead(
  row: Pick<Conversation, 'risk' | 'urgency' | 'urgencyFrom' | 'creditMs' | 'history' | 'queueScore'>,
  now: number,
  { neverPassedMinutes }: Rules,
): string | null {
  const source = SOURCES[row.urgencyFrom ?? 'INTAKE'];
  if (row.risk === 'high') return '已知为高风险，优先接入';
  if (row.urgency === 'high') return `${source}显示情况紧急，优先接入`;
  if (row.urgency === 'moderate') return `${source}显示需要尽快，提前接入`;
  if (row.creditMs) return '会谈中断后重新等待，排在前面';
  const minutes = Math.floor((now - arrivalOf(row)) / MINUTE);
  return minutes >= neverPassedMinutes ? `已等候${String(minutes)}分钟，不再有人排到前面` : null;
}
