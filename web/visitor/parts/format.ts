/** Times as a person says them. */
import { locale, t } from '../text.js';

const dayKey = (time: number) => new Date(time).toDateString();
export const sameDay = (a: number, b: number) => dayKey(a) === dayKey(b);

export const clock = (time: number) =>
  new Date(time).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hour12: false });

export function day(time: number): string {
  if (sameDay(time, Date.now())) {
    return t('today');
  }
  if (sameDay(time, Date.now() - 86_400_000)) {
    return t('yesterday');
  }
  const sameYear = new Date(time).getFullYear() === new Date().getFullYear();
  return new Date(time).toLocaleDateString(locale, {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: 'long',
    day: 'numeric',
  });
}
