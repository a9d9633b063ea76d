/** The roster (排班): who is on duty on which Asia/Shanghai day (document sections 22–25). */
import { z } from 'zod';
import { answer, maybeText, moment, text, whole } from './answer.js';
import { blankAsAbsent, epochMs, id, lenientNumber, page, size } from './common.js';
import { PRESENCES } from './enums.js';
import { UserCard } from './user.js';

export const CreateArrange = z
  .object({
    timestamp: epochMs.describe('Any moment of the day'),
    users: z.array(id).min(1).max(500).describe('User ids'),
  })
  .meta({ id: 'CreateArrange' });
export type CreateArrange = z.infer<typeof CreateArrange>;

export const ListTheDay = z
  .object({
    timestamp: epochMs.describe('Any moment of the day'),
    type: z.enum(['SUPERVISOR', 'COUNSELOR']).describe('Whom to list'),
    state: blankAsAbsent(z.enum(PRESENCES)).describe('Only who is in this state'),
    page,
    size: size(200),
  })
  .meta({ id: 'ListTheDay' });
export type ListTheDay = z.infer<typeof ListTheDay>;

export const WeeklyArrange = z
  .object({
    weekDays: z
      .array(lenientNumber.pipe(z.number().int().min(0).max(7)))
      .max(8)
      .describe('1 = Monday … 7 = Sunday (0 too)'),
    user: id.describe('Whose rule; any user id'),
  })
  .meta({ id: 'WeeklyArrange' });
export type WeeklyArrange = z.infer<typeof WeeklyArrange>;

export const Arrange = answer('Arrange', {
  id: text('Identifier of the roster row, for 25'),
  timestamp: moment('Start of the day in Asia/Shanghai'),
  user: z
    .strictObject({ id: text('Identifier'), name: maybeText('Name'), type: text('Role') })
    .describe('Who is on duty'),
});
export type Arrange = z.infer<typeof Arrange>;

export const DutyRow = answer('DutyRow', {
  id: text('Identifier of the roster row, for 25'),
  timestamp: moment('Start of the day in Asia/Shanghai'),
  user: UserCard.describe('Who is on duty'),
  state: z.enum(PRESENCES).describe('Stated availability'),
  activeCount: whole('Conversations they hold'),
  maxConsults: whole('Most conversations at once'),
  waiting: whole('Visitors who wait for them by name'),
});
export type DutyRow = z.infer<typeof DutyRow>;
