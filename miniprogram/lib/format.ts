/** Times as a person says them; by hand, because not every phone's WeChat brings the locales along. */
import { t } from '../../web/visitor/text.js';

const two = (value: number) => String(value).padStart(2, '0');
const dayKey = (time: number) => new Date(time).toDateString();
export const sameDay = (a: number, b: number) => dayKey(a) === dayKey(b);

export function clock(time: number): string {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function day(time: number): string {
  if (sameDay(time, Date.now())) {
    return t('today');
  }
  if (sameDay(time, Date.now() - 86_400_000)) {
    return t('yesterday');
  }
  const date = new Date(time);
  const year = date.getFullYear() === new Date().getFullYear() ? '' : `${String(date.getFullYear())}年`;
  return `${year}${String(date.getMonth() + 1)}月${String(date.getDate())}日`;
}

export const sizeWords = (bytes: number): string =>
  bytes < 1024
    ? `${String(bytes)} B`
    : bytes < 1_048_576
      ? `${(bytes / 1024).toFixed(0)} KB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;
