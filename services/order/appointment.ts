import { AppError } from '../../platform/errors.js';
import { isDay, minutesOf, momentOf } from '../time/moment.js';

const DEFAULT_MINUTES = 60;

export interface Appointment {
  day: string;
  startAt: Date;
  endAt: Date;
}

const wrong = () =>
  new AppError('BAD_INPUT', { message: '时间格式应为HH:mm-HH:mm（或HH:mm，默认60分钟），结束要晚于开始。' });

/**
 * @param time HH:mm-HH:mm, or HH:mm for an hour, in Asia/Shanghai
 * @throws AppError BAD_INPUT
 */
export function appointmentOf(day: string, time: string): Appointment {
  if (!isDay(day)) throw new AppError('BAD_INPUT', { message: '日期不存在，格式应为YYYY-MM-DD。' });
  const [first = '', second, ...more] = time.split(/[-–—~～]/);
  const start = minutesOf(first);
  if (start === null || start >= 1440 || more.length > 0) throw wrong();
  const startAt = momentOf(day, start);
  if (second === undefined)
    return { day, startAt, endAt: new Date(startAt.getTime() + DEFAULT_MINUTES * 60_000) };
  const end = minutesOf(second);
  if (end === null || end <= start) throw wrong();
  return { day, startAt, endAt: momentOf(day, end) };
}
