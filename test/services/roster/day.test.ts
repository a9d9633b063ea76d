import { describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { addDays, dayOf, isoWeekday, startOfDay } from '../../../services/roster/day.js';
import { dutyId, readDutyId } from '../../../services/roster/duty-id.js';

describe('Asia/Shanghai days, whatever the process’s zone', () => {
  test('a day begins at 16:00 UTC', () => {
    expect(dayOf(Date.parse('2026-03-04T15:59:59.999Z'))).toBe('2026-03-04');
    expect(dayOf(Date.parse('2026-03-04T16:00:00Z'))).toBe('2026-03-05');
    expect(startOfDay('2026-03-05')).toBe(Date.parse('2026-03-04T16:00:00Z'));
  });

  test('the moment of the document’s example is its day', () => {
    expect(dayOf(1624611640763)).toBe('2021-06-25');
  });

  test('weekdays count from Monday', () => {
    expect(isoWeekday('2026-03-02')).toBe(1);
    expect(isoWeekday('2026-03-08')).toBe(7);
  });

  test('days are added across months, years and the zone’s own summer time', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    // Shanghai had summer time until 1991; New York changes on 2026-03-08.
    expect(addDays('1991-04-13', 2)).toBe('1991-04-15');
    expect(addDays('2026-03-07', 2)).toBe('2026-03-09');
    for (let day = '1986-05-01', n = 0; n < 200; n += 1, day = addDays(day, 1)) {
      expect(dayOf(startOfDay(day))).toBe(day);
    }
  });

  test('what is not a day is refused', () => {
    expect(() => startOfDay('2026-02-30')).toThrow(RangeError);
    expect(() => startOfDay('20260301')).toThrow(RangeError);
  });
});

describe('ids of duty days', () => {
  test('say day and person, both ways', () => {
    for (const [day, userID] of [
      ['1970-01-01', 0],
      ['1987-07-01', 3],
      ['2026-03-05', 41],
      ['2243-10-16', 2 ** 40],
    ] as const) {
      expect(readDutyId(dutyId(day, userID))).toEqual({ day, userID });
    }
  });

  test('an id made by a driver is none', () => {
    expect(readDutyId(new Types.ObjectId())).toBeNull();
    expect(readDutyId(new Types.ObjectId('0000ffffffff000000000001'))).toBeNull();
  });
});
