import type { Arrange as WireArrange, WeeklyArrange } from '../../contract/arrange.js';
import type { RuleSpan } from '../../models/weekly-rule.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRoster } from '../policies/roster.js';
import { dayOf, type Day } from './day.js';
import { dutyDays, ruleHolds } from './duty-days.js';
import { dropRostered } from './rostered.js';
import { loadRosterable, presentArrange, type Rosterable } from './staff.js';

/** How far the answer looks ahead; the rule itself has no end. */
const ANSWERED_DAYS = 28;

/**
 * Replaces a person's weekly rule from today on (document section 23); [] ends it. Days already past, days added
 * by 22 and days removed by 25 stay as they are.
 * @returns the rule's days of the coming four weeks, today included
 * @throws AppError NOT_FOUND, BAD_INPUT as loadRosterable does
 */
export async function arrangeWeekly(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  actor: Actor,
  input: WeeklyArrange,
): Promise<WireArrange[]> {
  assertRoster(actor, 'arrange');
  const [user] = await loadRosterable(ctx, actor, [input.user]);
  if (user === undefined) throw new AppError('NOT_FOUND');
  // The document has 1–7; 0 is Sunday for those who count as JavaScript does.
  const weekDays = [...new Set(input.weekDays.map((weekDay) => (weekDay === 0 ? 7 : weekDay)))].sort();
  const today = dayOf(ctx.clock.now());
  const spans = await replaceRule(ctx, user, weekDays, today);
  dropRostered(ctx, user.institution);
  const coming = await dutyDays(ctx, {
    institution: user.institution,
    from: today,
    days: ANSWERED_DAYS,
    users: [user._id],
  });
  return coming.filter(({ day }) => ruleHolds({ spans }, day)).map((duty) => presentArrange(duty, user));
}

/** Two who set it at once: the later one's rule holds from today, and the past is the same in both. */
async function replaceRule(
  ctx: Pick<Ctx, 'models'>,
  user: Rosterable,
  weekDays: number[],
  today: Day,
): Promise<RuleSpan[]> {
  const known = await ctx.models.WeeklyRule.findById(user._id).lean();
  const spans = nextSpans(known?.spans ?? [], weekDays, today);
  const { institution, role, userID } = user;
  const $set = { institution, role, userID, spans };
  const write = () => ctx.models.WeeklyRule.updateOne({ _id: user._id }, { $set }, { upsert: true });
  // Two first writers at once: the one that lost the insert finds the row on its second try.
  await write().catch((error: unknown) => (isDuplicate(error) ? write() : Promise.reject(error as Error)));
  return spans;
}

/** What was in force before today stays; from today on the new days hold. */
export function nextSpans(spans: RuleSpan[], weekDays: number[], today: Day): RuleSpan[] {
  const past = spans
    .filter(({ from }) => from < today)
    .map((span) => (span.until === null || span.until > today ? { ...span, until: today } : span));
  return weekDays.length === 0 ? past : [...past, { from: today, until: null, weekDays }];
}
