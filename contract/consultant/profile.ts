/** Second document, 个人中心. */
import { z } from 'zod';
import { answer, text as said } from '../answer.js';
import { humanText, page, size } from '../common.js';
import { textOrNumber } from './auth.js';
import { paged } from './order.js';

/** Left out (or null) = unchanged; "" clears. */
const text = (max: number) =>
  z.preprocess((value) => (value === null ? undefined : value), textOrNumber(max).optional());

const profile = z.object({
  username: z
    .preprocess(
      (value) => (value === null ? undefined : value),
      humanText(64).pipe(z.string().trim().min(1, '用户名不能为空')).optional(),
    )
    .describe('User name, unique'),
  name: text(64).describe('Name'),
  phone: text(32).describe('Phone; signs in only once a code proved it'),
  email: text(254).describe('E-mail address; signs in only once a code proved it'),
  organization: text(128).describe('A text: membership never changes here'),
  introduction: text(5_000).describe('Introduction'),
  experience: text(5_000).describe('Experience'),
  expertise: text(5_000).describe('Expertise'),
  education: text(5_000).describe('Education'),
  certifications: text(5_000).describe('Certifications'),
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

export const ProfileAnswer = answer('ConsultantProfile', {
  avatar: said('Address of the picture'),
  username: said('User name'),
  name: said('Name'),
  phone: said('Phone'),
  email: said('E-mail address'),
  organization: said('As they wrote it, else the name of their institution'),
  introduction: said('Introduction'),
  experience: said('Experience'),
  expertise: said('Expertise'),
  education: said('Education'),
  certifications: said('Certifications'),
});
export type ProfileAnswer = z.infer<typeof ProfileAnswer>;

export const AvatarAnswer = answer('Avatar', { avatar: said('Address of the picture') });

export const ListComments = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? paged(value as Record<string, unknown>) : value),
  z.object({ page, pageSize: size(10) }).meta({ id: 'ListComments' }),
);
export type ListComments = z.infer<typeof ListComments>;

export const Comment = answer('Comment', {
  id: said('Identifier'),
  avatar: said('Always ""'),
  username: said('The visitor’s user name, masked'),
  name: said('The visitor’s name, masked'),
  organization: said('Name of the institution'),
  time: said('YYYY-MM-DD HH:mm:ss'),
  content: said('What they wrote'),
  rating: said('"1" to "5", "" when none'),
});
export type Comment = z.infer<typeof Comment>;
