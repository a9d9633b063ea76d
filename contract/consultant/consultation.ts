/** Second document, 咨询记录 and 个人档案. */
import { z } from 'zod';
import { answer, flag, text as shown, whole } from '../answer.js';
import { blankAsAbsent, humanText } from '../common.js';
import { textOrNumber } from './auth.js';
import { caseId } from './record.js';

/** Left out = as it was, or "" in a new one. */
const text = (max: number) =>
  z.preprocess(
    (value) => (value === null ? '' : value),
    textOrNumber(max).pipe(z.string().trim()).optional(),
  );

const basic = {
  count: text(32).describe('Which consultation; left out = the next'),
  name: text(64).describe('The student’s name'),
  gender: text(16).describe('Gender'),
  studentId: text(64).describe('Student id'),
  school: text(128).describe('School'),
  grade: text(64).describe('Grade'),
  class: text(64).describe('Class'),
  date: text(32).describe('Day of the consultation'),
  time: text(64).describe('Time of the consultation'),
  duration: text(32).describe('How long it took'),
};
const rest = {
  visitStatus: text(64).describe('Status of the visit'),
  description: text(20_000).describe('What was said'),
  doctorEvaluation: text(10_000).describe('The consultant’s evaluation'),
  followUpPlan: text(10_000).describe('Plan of the follow-up'),
  nextVisitPlan: text(10_000).describe('Plan of the next visit'),
  crisisStatus: text(2_000).describe('Crisis status'),
  consultantName: text(64).describe('Who consulted'),
};
const yes = new Set<unknown>([true, 1, 'true', '1', '是']);
const no = new Set<unknown>([false, 0, 'false', '0', '否']);
const thirdParty = blankAsAbsent(
  z.preprocess(
    (value) => (yes.has(value) ? true : no.has(value) ? false : value),
    z.boolean('应为true或false'),
  ),
).describe('Evaluated by a third party: true|false|1|0|是|否');
const optionalId = blankAsAbsent(caseId);

export const CreateConsultation = z
  .object({
    id: optionalId.describe('The case file; without it the student id decides, else who it is'),
    ...basic,
    ...rest,
    isThirdPartyEvaluation: thirdParty,
  })
  .meta({ id: 'CreateConsultation' });
export type CreateConsultation = z.infer<typeof CreateConsultation>;

const address = blankAsAbsent(humanText(2_000)).describe('Its present address or "" keeps it');
export const UpdateConsultation = z
  .object({
    id: optionalId.describe('The consultation record; or studentId and count'),
    studentId: basic.studentId,
    count: text(32).describe('With studentId: which consultation'),
    ...rest,
    isThirdPartyEvaluation: thirdParty,
    signatureImage: address,
    attachImages: blankAsAbsent(z.union([humanText(20_000), z.array(humanText(2_000)).max(9)])).describe(
      'Their present addresses or "" keep them',
    ),
  })
  .meta({ id: 'UpdateConsultation' });
export type UpdateConsultation = z.infer<typeof UpdateConsultation>;

export const CONSULTATION_TEXTS = [...Object.keys(basic), ...Object.keys(rest)] as (
  keyof typeof basic | keyof typeof rest
)[];
export const UPDATED_TEXTS = Object.keys(rest) as (keyof typeof rest)[];
export type ConsultationTexts = Record<(typeof CONSULTATION_TEXTS)[number], string>;

const told = Object.fromEntries(
  Object.entries({ ...basic, ...rest }).map(([key, schema]) => [key, shown(schema.description ?? '')]),
) as Record<keyof ConsultationTexts, z.ZodString>;

/** A consultation record, 21 documented fields; texts without a value are "". */
export const ConsultationRow = answer('ConsultationRow', {
  ...told,
  id: whole('Identifier of the consultation record'),
  count: shown('Which consultation of the case file'),
  signatureImage: shown('Address of the signature, shown for an hour without a header; "" when none'),
  attachImage: shown('Addresses of the pictures, as above, joined by commas'),
  attachImages: z.array(z.string()).describe('Ours: the same as a list'),
  isThirdPartyEvaluation: flag('Evaluated by a third party'),
});
export type ConsultationRow = z.infer<typeof ConsultationRow>;

export const PROFILE_TEXTS = [
  'name',
  'id',
  'gender',
  'age',
  'education',
  'occupation',
  'maritalStatus',
  'contact',
  'referral',
  'complaint',
  'goal',
] as const;
export const PersonalProfileAnswer = answer('PersonalProfile', {
  name: shown('The client’s name'),
  id: shown('The id that was asked for'),
  gender: shown('Gender'),
  age: shown('Whole years'),
  education: shown('Education'),
  occupation: shown('Occupation'),
  maritalStatus: shown('Marital status'),
  contact: shown('Phone or WeChat id'),
  emergencyContact: z
    .strictObject({ name: shown('Name'), relationship: shown('Relationship'), phone: shown('Phone') })
    .describe('Emergency contact'),
  referral: shown('Who sent them'),
  complaint: shown('Chief complaint'),
  goal: shown('Goal of the counselling'),
});
export type PersonalProfileAnswer = z.infer<typeof PersonalProfileAnswer>;
