/** Second document, 咨询记录 and 个人档案. */
import { z } from 'zod';
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
  name: text(64),
  gender: text(16),
  studentId: text(64),
  school: text(128),
  grade: text(64),
  class: text(64),
  date: text(32),
  time: text(64),
  duration: text(32),
};
const rest = {
  visitStatus: text(64),
  description: text(20_000),
  doctorEvaluation: text(10_000),
  followUpPlan: text(10_000),
  nextVisitPlan: text(10_000),
  crisisStatus: text(2_000),
  consultantName: text(64),
};
const yes = new Set<unknown>([true, 1, 'true', '1', '是']);
const no = new Set<unknown>([false, 0, 'false', '0', '否']);
const thirdParty = blankAsAbsent(
  z.preprocess(
    (value) => (yes.has(value) ? true : no.has(value) ? false : value),
    z.boolean('应为true或false'),
  ),
).describe('true|false|1|0|是|否');
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
    studentId: text(64),
    count: text(32),
    ...rest,
    isThirdPartyEvaluation: thirdParty,
    signatureImage: address,
    attachImages: blankAsAbsent(z.union([humanText(20_000), z.array(humanText(2_000)).max(9)])),
  })
  .meta({ id: 'UpdateConsultation' });
export type UpdateConsultation = z.infer<typeof UpdateConsultation>;

export const CONSULTATION_TEXTS = [...Object.keys(basic), ...Object.keys(rest)] as (
  keyof typeof basic | keyof typeof rest
)[];
export const UPDATED_TEXTS = Object.keys(rest) as (keyof typeof rest)[];
export type ConsultationTexts = Record<(typeof CONSULTATION_TEXTS)[number], string>;

export interface ConsultationRow extends ConsultationTexts {
  id: number;
  /** Addresses that a page can show for an hour; "" when none. */
  signatureImage: string;
  /** Joined by commas. */
  attachImage: string;
  /** Ours: the same as a list. */
  attachImages: string[];
  isThirdPartyEvaluation: boolean;
}

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
export interface PersonalProfileAnswer extends Record<(typeof PROFILE_TEXTS)[number], string> {
  emergencyContact: { name: string; relationship: string; phone: string };
}
