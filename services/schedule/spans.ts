import { AppError } from '../../platform/errors.js';
import { minutesOf } from '../time/moment.js';

/** Minutes since midnight, [from, to). */
export interface DaySpan {
  from: number;
  to: number;
}

/** HH:mm-HH:mm; null for what is none, reversed or empty. */
export function spanOf(text: string): DaySpan | null {
  const [first = '', second = '', ...more] = text.split(/[-–—~～]/);
  const from = minutesOf(first);
  const to = minutesOf(second);
  return from === null || to === null || to <= from || more.length > 0 ? null : { from, to };
}

/** Which two of them overlap; touching ends do not. */
export function clash(sorted: readonly DaySpan[]): [DaySpan, DaySpan] | null {
  for (const [index, span] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && next.from < span.to) return [span, next];
  }
  return null;
}

export const inOrder = (spans: readonly DaySpan[]): DaySpan[] => [...spans].sort((a, b) => a.from - b.from);

const two = (value: number) => String(value).padStart(2, '0');
export const clockTime = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
export const spanText = ({ from, to }: DaySpan): string => `${clockTime(from)}-${clockTime(to)}`;

/**
 * A day's stretches, in order.
 * @throws AppError BAD_INPUT for wrong, reversed and overlapping ones
 */
export function daySpans(texts: readonly string[]): DaySpan[] {
  const spans = texts.map((text) => {
    const span = spanOf(text);
    if (!span)
      throw new AppError('BAD_INPUT', {
        message: `时间段“${text.slice(0, 20)}”不正确，格式应为HH:mm-HH:mm，结束要晚于开始。`,
      });
    return span;
  });
  const sorted = inOrder(spans);
  const both = clash(sorted);
  if (both)
    throw new AppError('BAD_INPUT', {
      message: `时间段${spanText(both[0])}与${spanText(both[1])}重叠，请修改。`,
    });
  return sorted;
}
