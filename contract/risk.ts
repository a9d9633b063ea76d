/** Risk: the alarm, marks by keyword, the scale, the case with its plan, follow-ups and disclosures (all ours). */
import { z } from 'zod';
import { answer, flag, maybeMoment, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import { blankAsAbsent, humanText, id, page, size } from './common.js';
import { Conversation } from './conversation.js';
import {
  ALARM_CAUSES,
  CASE_SOURCES,
  CASE_STATUSES,
  DISCLOSED_TO,
  FOLLOW_UP_OUTCOMES,
  FOLLOW_UP_STATES,
  FOLLOW_UP_STEPS,
  RISK_LEVELS,
} from './enums.js';

const words = (most: number, what: string) =>
  humanText(most)
    .refine((value) => value.trim() !== '', '不能为空')
    .describe(what);

export const RaiseAlarm = z
  .strictObject({
    id: id.describe('The running session'),
    cause: z
      .enum(ALARM_CAUSES)
      .default('UNSTATED')
      .describe('What is known in this moment; one tap needs none'),
  })
  .meta({ id: 'RaiseAlarm' });
export type RaiseAlarm = z.infer<typeof RaiseAlarm>;

export const Alarm = answer('Alarm', {
  conversation: Conversation.describe('The session'),
  thread: text('The thread to which supervisors are called; `calls` of it says who has come'),
  case: text('The risk case that it opened, or that stood'),
  script: z.array(z.string()).describe('What to say and ask now, line by line (policy `riskScript`)'),
});
export type Alarm = z.infer<typeof Alarm>;

/** To staff only: a message in which keyword rules found something. It decides nothing. */
export const Mark = answer('Mark', {
  conversationId: text('The session'),
  seq: whole('The message'),
  rules: z.array(z.string()).describe('Ids of the rules (policy `riskWords`)'),
});
export type Mark = z.infer<typeof Mark>;

export const ReadMarks = z.strictObject({ id: id.describe('The session') }).meta({ id: 'ReadMarks' });

export const Assess = z
  .strictObject({
    id: id.describe('The session, running or over'),
    form: z.string().min(1).max(64).describe('Version of the scale that was filled in'),
    answers: z.record(z.string().max(64), z.number().int().min(0).max(10)).describe('Points by item'),
  })
  .meta({ id: 'Assess' });
export type Assess = z.infer<typeof Assess>;

export const Assessment = answer('Assessment', {
  id: text('Identifier'),
  conversationId: text('The session'),
  form: text('Version of the scale'),
  answers: z.record(z.string(), z.number()).nullable().describe('Points by item; null once erased'),
  score: whole('Sum of the points'),
  band: z.enum(RISK_LEVELS).describe('low 0–3, moderate 4–7, high 8–16; low is not "safe"'),
  by: text('Who filled it in'),
  time: moment('When'),
});
export type Assessment = z.infer<typeof Assessment>;

export const RiskForm = answer('RiskForm', {
  version: text('Goes with every answer'),
  title: text('Name'),
  items: z
    .array(
      z.strictObject({
        id: z.string().describe('Key of the answer'),
        text: z.string().describe('The item'),
        max: z.number().int().describe('Most points'),
      }),
    )
    .describe('In this order'),
  bands: z
    .array(
      z.strictObject({
        band: z.enum(RISK_LEVELS).describe('What so many points mean'),
        from: z.number().int().describe('Least points'),
      }),
    )
    .describe('Ascending'),
});
export type RiskForm = z.infer<typeof RiskForm>;

export const FollowUp = answer('FollowUp', {
  id: text('Identifier'),
  case: text('The risk case'),
  conversationId: text('The session'),
  visitorName: maybeText('Whom it is about'),
  step: z.enum(FOLLOW_UP_STEPS).describe('Which of the five'),
  day: text('YYYY-MM-DD in Asia/Shanghai'),
  owner: maybeText('Who is to do it'),
  ownerName: maybeText('Their name'),
  state: z.enum(FOLLOW_UP_STATES).describe('Where it stands'),
  overdue: flag('Its day is over and nobody has done or explained it'),
  outcome: z.enum(FOLLOW_UP_OUTCOMES).nullable().describe('What came of it'),
  note: maybeText('Words about it, or why it was left out; null once erased'),
  doneTime: maybeMoment('When it was settled'),
});
export type FollowUp = z.infer<typeof FollowUp>;

export const Disclosure = answer('Disclosure', {
  id: text('Identifier'),
  case: text('The risk case'),
  to: z.enum(DISCLOSED_TO).describe('Whom it was told'),
  whom: maybeText('Name and office of who was told; null once erased'),
  reason: maybeText('Why; null once erased'),
  visitorTold: flag('The visitor was told'),
  untold: maybeText('Why not'),
  by: text('Who told it'),
  time: moment('When it was written'),
  signedBy: maybeText('The second signature; null until there is one'),
  signedTime: maybeMoment('When'),
});
export type Disclosure = z.infer<typeof Disclosure>;

export const RiskCase = answer('RiskCase', {
  id: text('Identifier'),
  conversationId: text('The session'),
  visitor: maybeText('Whom it is about'),
  visitorName: maybeText('Their name'),
  owner: maybeText('The counselor who keeps it'),
  ownerName: maybeText('Their name'),
  status: z
    .enum(CASE_STATUSES)
    .describe('Open until plan, assessment and sign-off are there and it is closed'),
  source: z.enum(CASE_SOURCES).describe('What opened it'),
  openedTime: moment('When'),
  score: maybeWhole('Of the newest assessment'),
  band: z.enum(RISK_LEVELS).nullable().describe('Of the newest assessment'),
  hasPlan: flag('There is a safety plan'),
  plan: maybeText('The safety plan; only where one case is read').optional(),
  signedBy: maybeText('The supervisor who signed it off; a later plan or assessment takes that away'),
  signedByName: maybeText('Their name'),
  signedTime: maybeMoment('When'),
  closedTime: maybeMoment('When it was closed'),
  missing: z.array(z.enum(['ASSESSMENT', 'PLAN', 'SIGN_OFF'])).describe('What keeps it from being closed'),
});
export type RiskCase = z.infer<typeof RiskCase>;

/** One case with everything in it. */
export const WholeRiskCase = answer('WholeRiskCase', {
  ...RiskCase.shape,
  assessments: z.array(Assessment).describe('Newest first'),
  followUps: z.array(FollowUp).describe('In their order'),
  disclosures: z.array(Disclosure).describe('Newest first'),
});
export type WholeRiskCase = z.infer<typeof WholeRiskCase>;

export const ListRiskCases = z
  .strictObject({
    status: blankAsAbsent(z.enum(CASE_STATUSES)).describe('Left out = all'),
    conversation: blankAsAbsent(id).describe('Only the case of this session'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListRiskCases' });
export type ListRiskCases = z.infer<typeof ListRiskCases>;

export const OneRiskCase = z.strictObject({ id: id.describe('The case') }).meta({ id: 'OneRiskCase' });
export const WritePlan = z
  .strictObject({ id: id.describe('The case'), plan: words(8_000, 'The safety plan') })
  .meta({ id: 'WritePlan' });
export type WritePlan = z.infer<typeof WritePlan>;

export const ListFollowUps = z
  .strictObject({
    state: blankAsAbsent(z.enum([...FOLLOW_UP_STATES, 'OVERDUE'])).describe('Left out = OPEN'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListFollowUps' });
export type ListFollowUps = z.infer<typeof ListFollowUps>;

export const SettleFollowUp = z
  .strictObject({
    id: id.describe('The task'),
    outcome: z.enum(FOLLOW_UP_OUTCOMES).describe('What came of it; LEFT_OUT needs a note that says why'),
    note: words(4_000, 'Words about it').optional(),
  })
  .refine(({ outcome, note }) => outcome !== 'LEFT_OUT' || note !== undefined, {
    path: ['note'],
    message: '请说明不再回访的原因',
  })
  .meta({ id: 'SettleFollowUp' });
export type SettleFollowUp = z.infer<typeof SettleFollowUp>;

export const AssignFollowUp = z
  .strictObject({ id: id.describe('The task'), owner: id.describe('A counselor or supervisor') })
  .meta({ id: 'AssignFollowUp' });
export type AssignFollowUp = z.infer<typeof AssignFollowUp>;

export const WriteDisclosure = z
  .strictObject({
    id: id.describe('The case'),
    to: z.enum(DISCLOSED_TO).describe('Whom it is told'),
    whom: words(200, 'Name and office of who is told'),
    reason: words(4_000, 'Why'),
    visitorTold: z.boolean().describe('The visitor was told'),
    untold: words(1_000, 'Why not: required when they were not').optional(),
  })
  .refine(({ visitorTold, untold }) => visitorTold || untold !== undefined, {
    path: ['untold'],
    message: '未告知来访者时请说明原因',
  })
  .meta({ id: 'WriteDisclosure' });
export type WriteDisclosure = z.infer<typeof WriteDisclosure>;
export const SignDisclosure = z
  .strictObject({ id: id.describe('The disclosure') })
  .meta({ id: 'SignDisclosure' });
