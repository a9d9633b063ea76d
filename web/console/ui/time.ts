/** Times and spans in words. Days are Asia/Shanghai days, whatever the zone of this computer is. */
import i18next from 'i18next';

export const ZONE = 'Asia/Shanghai';
export const MINUTE = 60_000;
export const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions, moment: number) {
  const language = i18next.language || 'zh-CN';
  const key = language + JSON.stringify(options);
  let formatter = formats.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(language, { timeZone: ZONE, hourCycle: 'h23', ...options });
    formats.set(key, formatter);
  }
  return formatter.format(moment);
}

/** Asia/Shanghai has had no summer time since 1991, so its days are plain arithmetic. */
export const dayOf = (moment: number) => Math.floor((moment + 8 * 3_600_000) / DAY);

export const clock = (moment: number) => format({ hour: '2-digit', minute: '2-digit' }, moment);

export const fullDate = (moment: number) =>
  format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' }, moment);

export function dateTime(moment: number, now: number) {
  const sameYear = format({ year: 'numeric' }, moment) === format({ year: 'numeric' }, now);
  return format(
    {
      ...(sameYear ? {} : { year: 'numeric' }),
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    },
    moment,
  );
}

export function dayLabel(moment: number, now: number) {
  const ago = dayOf(now) - dayOf(moment);
  if (ago === 0) return i18next.t('thread.today');
  if (ago === 1) return i18next.t('thread.yesterday');
  return fullDate(moment);
}

export const shortDay = (moment: number) => format({ month: 'numeric', day: 'numeric' }, moment);

/** For list rows: the clock today, else the day. */
export function shortMoment(moment: number, now: number) {
  const ago = dayOf(now) - dayOf(moment);
  if (ago === 0) return clock(moment);
  if (ago === 1) return i18next.t('thread.yesterday');
  return shortDay(moment);
}

/** 65 s → 1 分钟; for what is read at a glance. */
export function roughSpan(ms: number) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return i18next.t('time.seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return i18next.t('time.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0
    ? i18next.t('time.hours', { n: hours })
    : i18next.t('time.hoursMinutes', { h: hours, m: rest });
}

/** 65 s → 01:05, 3700 s → 1:01:40; for clocks that run. */
export function countdown(ms: number) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${String(hours)}:${rest}` : rest;
}
