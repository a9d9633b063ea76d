/** The roster (排班): who is on duty on which Asia/Shanghai day (document sections 22–25). */
import { z } from 'zod';
import { blankAsAbsent, epochMs, id, lenientNumber, page, size } from './common.js';
import type { Presence } from './enums.js';
import { PRESENCES } from './enums.js';
import type { UserCard } from './user.js';

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
    type: z.enum(['SUPERVISOR', 'COUNSELOR']),
    state: blankAsAbsent(z.enum(PRESENCES)),
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
    user: id,
  })
  .meta({ id: 'WeeklyArrange' });
export type WeeklyArrange = z.infer<typeof WeeklyArrange>;

export interface Arrange {
  id: string;
  /** Start of the day, epoch milliseconds. */
  timestamp: number;
  user: { id: string; name: string | null; type: string };
}

export interface DutyRow {
  /** Of the roster row, for 25. */
  id: string;
  timestamp: number;
  user: UserCard;
  state: Presence;
  activeCount: number;
  maxConsults: number;
  waiting: number;
}
