/** When visitors are received: always, or (policy `opening`) on days with a counselor on the roster, within the hours. */
import type { ServiceHours } from '../../contract/matchmaking.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/rules.js';
import { formatMoment, minutesOf, momentOf } from '../time/moment.js';
import { dayOf, type Day } from './day.js';
import { dutyDays } from './duty-days.js';
import { rosteredCounselors } from './rostered.js';

/** How far ahead the next opening is looked for. */
const AHEAD_DAYS = 28;
const DAY_MINUTES = 24 * 60;

type Hours = Pick<ServiceHours, 'open' | 'opensAt' | 'closesAt'>;

export async function hoursOf(ctx: Ctx, institution: string): Promise<Hours> {
  const policy = await ctx.policies.get(institution);
  if (policy.opening === 'always') return { open: true, opensAt: null, closesAt: null };
  const now = ctx.clock.now();
  const today = dayOf(now);
  const { from, until } = spanOf(policy, today);
  if (now >= from && now < until && (await rosteredCounselors(ctx, institution)).size > 0)
    return { open: true, opensAt: null, closesAt: until };
  return { open: false, opensAt: await nextOpening(ctx, institution, policy, now), closesAt: null };
}

function spanOf({ openFrom, openUntil }: Policy, day: Day): { from: number; until: number } {
  const from = minutesOf(openFrom) ?? 0;
  const until = minutesOf(openUntil) ?? DAY_MINUTES;
  // Hours that end before they begin would be no hours at all.
  const end = until > from ? until : DAY_MINUTES;
  return { from: momentOf(day, from).getTime(), until: momentOf(day, end).getTime() };
}

async function nextOpening(
  ctx: Ctx,
  institution: string,
  policy: Policy,
  now: number,
): Promise<number | null> {
  const days = await dutyDays(ctx, {
    institution,
    from: dayOf(now),
    days: AHEAD_DAYS,
    role: 'COUNSELOR',
  });
  const next = days.map(({ day }) => spanOf(policy, day)).find(({ from }) => from > now);
  return next?.from ?? null;
}

/** Somebody is on line, whether they have a free seat or not. */
async function isServed(ctx: Ctx, institution: string): Promise<boolean> {
  const there = { institution, presence: 'online' as const, enabled: true, lostAt: null };
  return (await ctx.models.Duty.exists({ ...there, maxConsults: { $gt: 0 } })) !== null;
}

/** What anybody may ask before they come. */
export async function readHours(ctx: Ctx, institution: string | undefined): Promise<ServiceHours> {
  const code = institution ?? ctx.config.DEFAULT_INSTITUTION;
  const [hours, { emergency }] = await Promise.all([hoursOf(ctx, code), ctx.policies.get(code)]);
  const leaveMessage = !hours.open || !(await isServed(ctx, code));
  return { ...hours, leaveMessage, emergency };
}

/**
 * Says when somebody will be there again, and who answers day and night.
 * @throws AppError CLOSED
 */
export async function refuseClosed(ctx: Ctx, institution: string): Promise<void> {
  const { open, opensAt } = await hoursOf(ctx, institution);
  if (open) return;
  const { emergency } = await ctx.policies.get(institution);
  const again =
    opensAt === null ? '' : `，下次开放时间为${formatMoment(new Date(opensAt)).slice(0, 16)}（北京时间）`;
  const lines = emergency.map(({ name, phone }) => `${name} ${phone}`).join('、');
  throw new AppError('CLOSED', { message: `现在不在服务时间${again}。如遇紧急情况，请立即拨打：${lines}。` });
}
