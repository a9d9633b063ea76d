import { describe, expect, test } from '@jest/globals';
import { moveOf, targetOf } from '../../../services/conversation/lifecycle.js';
import { refuseCommonPassword, md5OfClear } from '../../../services/account/password.js';
import { DEMO_LOGINS, DEMO_PEOPLE } from '../../../services/demo/people.js';
import { planPast } from '../../../services/demo/plan.js';
import { dayOf, isoWeekday, startOfDay } from '../../../services/roster/day.js';
import { DEFAULT_POLICY } from '../../../services/policy/rules.js';

const TODAY = '2026-03-18';
const NOW = startOfDay(TODAY) + 15 * 3_600_000;
const plan = planPast(NOW, TODAY);
const served = plan.filter(({ startAt }) => startAt !== null);

describe('the demo’s past', () => {
  test('is the same for the same day', () => {
    expect(planPast(NOW, TODAY)).toEqual(plan);
  });

  test('covers sixty days and about six hundred conversations', () => {
    expect(plan.length).toBeGreaterThan(540);
    expect(plan.length).toBeLessThan(680);
    expect(new Set(plan.map(({ arrivedAt }) => dayOf(arrivedAt))).size).toBeGreaterThanOrEqual(60);
    expect(plan.every(({ endAt }) => endAt < NOW)).toBe(true);
  });

  test('has between 8 and 40 messages in each served conversation, with the assignment and the end', () => {
    const counts = served.map(({ lines }) => lines.length + 2);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...counts)).toBeLessThanOrEqual(40);
  });

  test('is in order: nothing is said before it began or after it ended', () => {
    for (const { arrivedAt, startAt, endAt, lines } of plan) {
      const times = [arrivedAt, ...lines.map(({ at }) => at), endAt];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      if (startAt === null) continue;
      expect(startAt).toBeGreaterThanOrEqual(arrivedAt);
      expect(endAt - startAt).toBeLessThanOrEqual(DEFAULT_POLICY.textLimitMs);
      expect(lines.some(({ who, at }) => who === 'counselor' && at < startAt)).toBe(false);
    }
  });

  test('leaves no blank and no seam in what is said', () => {
    for (const { lines } of plan)
      for (const { who, text } of lines) if (who !== 'card') expect(text).toMatch(/^[^{}|]+$/);
  });

  test('ends in every way that a hotline knows', () => {
    const causes = new Set(plan.map(({ cause }) => cause));
    const all = [
      'VISITOR_ENDED',
      'COUNSELOR_ENDED',
      'SILENCE',
      'TIME_LIMIT',
      'VISITOR_LEFT_QUEUE',
      'NOBODY_FREE',
    ];
    expect([...causes].sort()).toEqual(all.sort());
    for (const { cause, startAt } of plan)
      expect(targetOf(moveOf(cause), startAt === null ? 'WAITING' : 'IN_PROGRESS')).not.toBeNull();
  });

  test('gives nobody two conversations at once and no counselor more than their cap', () => {
    for (const one of plan) {
      const atOnce = plan.filter(
        (other) =>
          other.house === one.house && other.arrivedAt <= one.arrivedAt && other.endAt > one.arrivedAt,
      );
      expect(atOnce.filter(({ visitor }) => visitor === one.visitor)).toHaveLength(1);
    }
    for (const { startAt, counselor } of served) {
      const person = DEMO_PEOPLE.find(({ username }) => username === counselor);
      const load = served.filter(
        (other) => other.counselor === counselor && other.startAt! <= startAt! && other.endAt > startAt!,
      );
      expect(load.length).toBeLessThanOrEqual(person?.maxConsults ?? 0);
      expect(person?.weekDays).toContain(isoWeekday(dayOf(startAt!)));
    }
  });

  test('rates about six of ten served, and not all alike', () => {
    const rated = served.flatMap(({ rating }) => rating ?? []);
    expect(rated.length / served.length).toBeGreaterThan(0.5);
    expect(rated.length / served.length).toBeLessThan(0.7);
    expect(new Set(rated.map(({ level }) => level)).size).toBe(5);
  });
});

describe('the demo’s people', () => {
  test('have log-ins of their own, with no common password', () => {
    const logins = [
      DEMO_LOGINS.admin,
      ...DEMO_LOGINS.counselors,
      ...DEMO_LOGINS.supervisors,
      ...DEMO_LOGINS.institutionAdmins,
    ];
    expect(new Set(logins.map(({ username }) => username)).size).toBe(DEMO_PEOPLE.length);
    for (const { username, password } of logins)
      expect(() => refuseCommonPassword(md5OfClear(password), [username])).not.toThrow();
  });

  test('are 6 and 3 counselors, 2 and 1 supervisors, an admin a house and one of the system', () => {
    const count = (role: string, house: string) =>
      DEMO_PEOPLE.filter((person) => person.role === role && person.house === house).length;
    expect([count('COUNSELOR', 'first'), count('COUNSELOR', 'second')]).toEqual([6, 3]);
    expect([count('SUPERVISOR', 'first'), count('SUPERVISOR', 'second')]).toEqual([2, 1]);
    expect([
      count('INSTITUTION_ADMINISTRATOR', 'first'),
      count('INSTITUTION_ADMINISTRATOR', 'second'),
    ]).toEqual([1, 1]);
    expect(count('SYSTEM_ADMINISTRATOR', 'first')).toBe(1);
  });

  test('are on duty every day of the week, in both houses', () => {
    for (const house of ['first', 'second'])
      for (const day of [1, 2, 3, 4, 5, 6, 7])
        expect(
          DEMO_PEOPLE.filter(
            (person) =>
              person.role === 'COUNSELOR' && person.house === house && person.weekDays?.includes(day),
          ).length,
        ).toBeGreaterThanOrEqual(2);
  });
});
