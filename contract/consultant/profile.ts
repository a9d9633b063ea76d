/** Second document, 个人中心. */
import { z } from 'zod';
import { humanText, page, size } from '../common.js';
import { textOrNumber } from './auth.js';
import { paged } from './order.js';

/** Left out (or null) = unchanged; "" clears. */
const text = (max: number) =>
  z.preprocess((value) => (value === null ? undefined : value), textOrNumber(max).optional());

const profile = z.object({
  username: z.preprocess(
    (value) => (value === null ? undefined : value),
    humanText(64).pipe(z.string().trim().min(1, '用户名不能为空')).optional(),
  ),
  name: text(64),
  phone: text(32),
  email: text(254),
  organization: text(128),
  introduction: text(5_000),
  experience: text(5_000),
  expertise: text(5_000),
  education: text(5_000),
  certifications: text(5_000),
});

export const UpdateProfile = z
  .object({
    profile: z
      // A form can carry it only as text.
      .preprocess((value) => (typeof value === 'string' ? parsed(value) : value), profile)
      .describe('What is sent is overwritten'),
  })
  .meta({ id: 'UpdateProfile' });
export type UpdateProfile = z.infer<typeof UpdateProfile>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export interface ProfileAnswer {
  avatar: string;
  username: string;
  name: string;
  phone: string;
  email: string;
  organization: string;
  introduction: string;
  experience: string;
  expertise: string;
  education: string;
  certifications: string;
}

export const ListComments = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? paged(value as Record<string, unknown>) : value),
  z.object({ page, pageSize: size(10) }).meta({ id: 'ListComments' }),
);
export type ListComments = z.infer<typeof ListComments>;

export interface Comment {
  id: string;
  avatar: string;
  username: string;
  name: string;
  organization: string;
  time: string;
  content: string;
  rating: string;
}
