/**
 * How long each class of records is kept, as an institution's policy data (the `retention` of its policy row). The
 * automatic purge takes what is older than the maximum and never what is younger than the minimum.
 */
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import { RetentionRules } from '../../contract/retention.js';
import type { Actor, Ctx } from '../context.js';
import { assertRetention } from '../policies/retention.js';

export const DAY_MS = 86_400_000;

/** Conversations: a month is the grace of a deletion; ten years is longer than any claim. Sessions and exports are traces. */
export const DEFAULT_RULES: RetentionRules = {
  conversation: { minDays: 30, maxDays: 3_650 },
  deadLetter: { minDays: 0, maxDays: 30 },
  session: { minDays: 0, maxDays: 180 },
  exportTask: { minDays: 0, maxDays: 180 },
};

export async function rulesOf(ctx: Pick<Ctx, 'models'>, institution: string): Promise<RetentionRules> {
  const row = await ctx.models.Policy.findById(institution, { retention: 1 }).lean();
  // A stored rule that no longer fits must neither purge too much nor stop an institution.
  const stored = RetentionRules.partial().safeParse(row?.retention ?? {});
  return { ...DEFAULT_RULES, ...(stored.success ? stored.data : {}) };
}

export async function readRules(
  ctx: Ctx,
  actor: Actor,
  institution = actor.institution,
): Promise<RetentionRules> {
  assertRetention(actor, 'retention.read', institution);
  return rulesOf(ctx, institution);
}

/** @throws AppError FORBIDDEN, NOT_FOUND, BAD_INPUT (a maximum below its minimum) */
export async function setRules(
  ctx: Ctx,
  actor: Actor,
  patch: Partial<RetentionRules>,
  institution = actor.institution,
): Promise<RetentionRules> {
  assertRetention(actor, 'retention.change', institution);
  const rules = { ...(await rulesOf(ctx, institution)), ...patch };
  for (const { minDays, maxDays } of Object.values(rules))
    if (maxDays !== null && maxDays < minDays)
      throw new AppError('BAD_INPUT', { message: '最长保存天数不能小于最短保存天数。' });
  await ctx.audit.write({
    institution,
    actor,
    action: 'retention.change',
    subject: `institution:${institution}`,
  });
  const $set = Object.fromEntries(Object.entries(patch).map(([name, rule]) => [`retention.${name}`, rule]));
  const write = () => ctx.models.Policy.updateOne({ _id: institution }, { $set }, { upsert: true });
  await write().catch((error: unknown) => (isDuplicate(error) ? write() : Promise.reject(error as Error)));
  return rulesOf(ctx, institution);
}
