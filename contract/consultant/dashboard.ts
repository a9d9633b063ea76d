/** Second document, 首页: the caller's own orders in figures; refused ones do not count. */
import { z } from 'zod';
import { answer, whole } from '../answer.js';

export const TodayTransactions = answer('TodayTransactions', {
  count: whole('Orders made today, an Asia/Shanghai day'),
  amount: whole('Their prices, fen'),
});
export const CategoryData = answer('CategoryData', {
  online: whole('Orders of 在线咨询'),
  outline: whole('Orders of 线下咨询 (the document’s word)'),
});
export const YearlyConsultations = answer('YearlyConsultations', {
  total: whole('People of this calendar year: same name and contact = one'),
  data: z.array(z.int()).length(12).describe('Consultations a month, January first'),
});
export const TimeSlotData = answer('TimeSlotData', {
  timeSlots: z.array(z.int()).describe('Hours 0 to 23, ascending'),
  appointments: z.array(z.int()).describe('Orders of this month that begin in each'),
});
export const GenderData = answer('GenderData', { male: whole('People, 男'), female: whole('People, 女') });
export const AgeData = answer('AgeData', {
  values: z.array(z.int()).length(6).describe('People of 1–17, 18–25, 26–35, 36–45, 46–55 and over 55 years'),
});
