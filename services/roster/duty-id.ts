/**
 * A roster day's id is a function of person and day: a day that only the weekly rule gives has the id that its
 * row would have, so 24 can name it and 25 can remove it without anything being written on reading.
 * 24 hex digits: 0000 ‖ days since 1970 (8 digits) ‖ userID (12 digits). An ObjectId made by a driver begins
 * with the time and never with 0000.
 */
import { Types } from 'mongoose';
import { addDays, dayNumber, type Day } from './day.js';

const FIRST: Day = '1970-01-01';

export function dutyId(day: Day, userID: number): Types.ObjectId {
  return new Types.ObjectId(`0000${hex(dayNumber(day), 8)}${hex(userID, 12)}`);
}

/** null when the id is not of this form. */
export function readDutyId(id: Types.ObjectId): { day: Day; userID: number } | null {
  const text = id.toHexString();
  const days = Number.parseInt(text.slice(4, 12), 16);
  // Later than any moment that the contract lets in, and beyond what luxon can count.
  if (!text.startsWith('0000') || days > 100_000) return null;
  return { day: addDays(FIRST, days), userID: Number.parseInt(text.slice(12), 16) };
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
