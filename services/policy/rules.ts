/** The rules of an institution as data: every rule with its bounds, and what holds where nothing was set. */
import { z } from 'zod';
import { LIMIT_MODES, MATCHING_ORDERS, URGENCIES, WATCH_TOLD } from '../../contract/enums.js';
import { CONSENT_TEXT_MAX } from '../../contract/rich-text.js';
import { IntakeQuestions } from '../../contract/intake.js';
import { RecordTemplate } from '../../contract/session-record.js';

const MINUTE = 60_000;

/** From which figure a light of the wall turns; of `supervisors` down to which. */
const light = z.strictObject({
  amber: z.number().min(0).max(10_000).describe('Amber'),
  red: z.number().min(0).max(10_000).describe('Red'),
});

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

const milliseconds = (min: number, max: number) => z.number().int().min(min).max(max);

/** Every rule with its bounds; times in milliseconds unless the name says seconds. */
export const policySchema = z.strictObject({
  textLimitMs: milliseconds(1_000, 24 * 60 * MINUTE).describe(
    'Longest text session (document section 39: 1 h)',
  ),
  voiceLimitMs: milliseconds(1_000, 24 * 60 * MINUTE).describe('Longest voice session (section 39: 40 min)'),
  waitingLimitMs: milliseconds(1_000, 24 * 60 * MINUTE).describe('Longest wait before EXPIRED (I7)'),
  silenceCloseMs: milliseconds(1_000, 24 * 60 * MINUTE).describe('A visitor’s silence that ends a session'),
  cueMinutes: z
    .array(z.number().int().min(1).max(120))
    .max(5)
    .describe('Minutes before the time limit at which both sides are told'),
  checkInMs: z
    .array(milliseconds(1_000, 60 * MINUTE))
    .max(5)
    .describe('Silence after which the visitor is asked whether they are still there, ascending'),
  consent: z.enum(['tap', 'strict']).describe('tap: opening a conversation gives it; strict: the form must'),
  wrapUpSeconds: z.number().int().min(0).max(3_600).describe('A seat stays taken that long after an end'),
  extensionMinutes: z
    .number()
    .int()
    .min(0)
    .max(120)
    .describe('How much longer a session may last when its counselor asks, once; 0 = never'),
  acceptSeconds: z
    .number()
    .int()
    .min(0)
    .max(600)
    .describe('Time in which a counselor accepts who is offered to them; 0 = assigned at once'),
  matching: z.enum(MATCHING_ORDERS).describe('In which order counselors with a free seat are chosen'),
  preferReturning: z.boolean().describe('A visitor goes to who served them last, if they are free'),
  namedFallbackMinutes: z
    .number()
    .int()
    .min(0)
    .max(1_440)
    .describe('After which a visitor who asked for somebody takes whoever is free; 0 = never'),
  wishWaitMinutes: z
    .number()
    .int()
    .min(0)
    .max(120)
    .describe('How long a wish may keep somebody waiting for a fitting counselor who is full'),
  supervisorAnswerSeconds: z
    .number()
    .int()
    .min(5)
    .max(600)
    .describe('Time in which a called supervisor answers; then the next on duty, then all are called'),
  transferAnswerSeconds: z
    .number()
    .int()
    .min(5)
    .max(600)
    .describe('Time in which a counselor who is asked to take a session answers'),
  overlapMinutes: z
    .number()
    .int()
    .min(0)
    .max(60)
    .describe('How long the former counselor stays in a session that was taken over on request; 0 = not'),
  recordTemplate: RecordTemplate.describe('What a counselor writes after a session'),
  recordRequired: z.boolean().describe('A wrap-up ends early only when the record is saved'),
  sessionTags: z
    .array(z.string().trim().min(1).max(20))
    .max(50)
    .refine((tags) => new Set(tags).size === tags.length, '标签不能重复')
    .describe('Short labels that staff may put on a session; its visitor never sees them'),
  riskScript: z
    .array(z.string().min(1).max(200))
    .max(20)
    .describe('What a counselor who raised the alarm is to say and ask, line by line'),
  riskWords: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9-]{1,40}$/)
          .describe('What is stored of a hit'),
        words: z
          .array(z.string().min(1).max(40))
          .min(1)
          .max(100)
          .describe('Any of them, as a visitor may write it'),
        urgency: z.enum(URGENCIES).optional().describe('How far forward who waits comes by it; none = not'),
      }),
    )
    .max(50)
    .describe('Keyword rules: they mark messages for staff, order the line, and decide nothing else'),
  intakeQuestions: IntakeQuestions.describe('What a visitor may be asked while they wait'),
  intakeRequired: z
    .boolean()
    .describe('They are asked of everybody: nothing is written before they are answered; the place is kept'),
  urgencyLeadMinutes: z
    .strictObject({
      moderate: z.number().int().min(0).max(240).describe('Of moderate urgency'),
      high: z.number().int().min(0).max(240).describe('Of high urgency'),
    })
    .describe('How much earlier than they did somebody counts as having come'),
  neverPassedMinutes: z
    .number()
    .int()
    .min(0)
    .max(240)
    .describe('Whoever has waited that long is passed by no urgent one any more; 0 = nobody ever is'),
  watchTold: z.enum(WATCH_TOLD).describe('Who is told that a supervisor listens to a session'),
  longWaitMinutes: z.number().int().min(1).max(240).describe('From when a wait counts as long on the wall'),
  lights: z
    .strictObject({
      load: light.describe('Running sessions a counselor on line'),
      longWaiting: light.describe('Who waits longer than longWaitMinutes'),
      supervisors: light.describe('Supervisors who are connected: so few, or fewer'),
      highRisk: light.describe('Conversations of high risk'),
    })
    .describe('When the four lights of the wall turn amber and red'),
  breathingSeconds: z.number().int().min(0).max(3_600).describe('Between two assignments to one counselor'),
  highRiskBreakSeconds: z
    .number()
    .int()
    .min(0)
    .max(7_200)
    .describe('After a high-risk session its counselor is given nobody from the line for that long'),
  workLimits: z
    .strictObject({
      mode: z
        .enum(LIMIT_MODES)
        .describe('warn: what is reached is listed (GET /api/v1/load); refuse: and nobody is given to them'),
      dayHours: z.number().min(0.5).max(24).describe('Hours on line a day in Asia/Shanghai'),
      inARow: z.number().int().min(1).max(50).describe('Sessions without a pause between them'),
      pauseMinutes: z.number().int().min(1).max(240).describe('So long without a session is a pause'),
    })
    .describe('How long and how densely a counselor works'),
  recordHold: z
    .boolean()
    .describe('A record that is missing after 24 h keeps its counselor from being given the next visitor'),
  maxConsults: z.number().int().min(0).max(50).describe('Seats of a counselor who never set their own'),
  opening: z
    .enum(['always', 'roster'])
    .describe('When visitors are received: always, or on days with a counselor on the roster'),
  openFrom: z.string().regex(TIME).describe('With roster: from when on such a day, HH:mm in Beijing'),
  openUntil: z.string().regex(TIME).describe('With roster: until when, HH:mm, 24:00 the latest'),
  waitingCreditMs: milliseconds(0, 24 * 60 * MINUTE).describe('Head start of a conversation that comes back'),
  waitingCreditCapMs: milliseconds(0, 24 * 60 * MINUTE).describe('Most credit a conversation can gather'),
  consentVersion: z.string().min(1).max(64).describe('Names the consent text in force'),
  consentText: z
    .string()
    .min(1)
    .max(CONSENT_TEXT_MAX)
    .nullable()
    .describe('Plain text; null = the documented one'),
  emergency: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(64).describe('Who answers'),
        phone: z.string().min(3).max(32).describe('What is dialled'),
        note: z.string().max(200).describe('When, and for what'),
      }),
    )
    .min(1)
    .max(20)
    .describe('Crisis lines in the order in which they are shown'),
});
export type Policy = z.infer<typeof policySchema>;

export const DEFAULT_POLICY: Policy = {
  textLimitMs: 60 * MINUTE,
  voiceLimitMs: 40 * MINUTE,
  waitingLimitMs: 30 * MINUTE,
  silenceCloseMs: 10 * MINUTE,
  cueMinutes: [10, 5, 1],
  checkInMs: [3 * MINUTE, 7 * MINUTE],
  consent: 'tap',
  wrapUpSeconds: 0,
  extensionMinutes: 15,
  acceptSeconds: 0,
  matching: 'least-loaded',
  preferReturning: true,
  namedFallbackMinutes: 0,
  wishWaitMinutes: 5,
  supervisorAnswerSeconds: 60,
  transferAnswerSeconds: 60,
  overlapMinutes: 5,
  recordTemplate: {
    version: 'hotline-1',
    fields: [
      { id: 'complaint', label: '主诉与来访目的', required: true },
      { id: 'course', label: '会谈过程', required: true },
      { id: 'assessment', label: '评估与判断', required: false },
      { id: 'agreement', label: '约定与建议', required: false },
    ],
  },
  recordRequired: false,
  sessionTags: [
    '首次来访',
    '再次来访',
    '学业',
    '人际',
    '情感',
    '家庭',
    '情绪',
    '睡眠',
    '需要回访',
    '需要转介',
  ],
  riskScript: [
    '我很担心你，谢谢你愿意告诉我。你现在在哪里？身边有人吗？',
    '你现在有没有伤害自己？有没有服药或受伤？（有：请立即拨打120，我陪你打。）',
    '你手边有没有可以伤害自己的东西？请先把它放远，或交给身边的人。',
    '我们一起想一想，现在可以联系谁来陪你？',
    '督导正在赶来，我们不会挂断，我会一直在。',
  ],
  riskWords: [
    {
      id: 'suicide',
      words: ['自杀', '轻生', '不想活', '想死', '结束生命', '活不下去', '遗书', '跳楼', '割腕'],
      urgency: 'high',
    },
    { id: 'self-harm', words: ['自残', '自伤', '伤害自己', '割自己'], urgency: 'moderate' },
    { id: 'overdose', words: ['吃了很多药', '安眠药', '吞药', '农药'], urgency: 'high' },
    { id: 'harm-others', words: ['杀了他', '杀了她', '杀人', '同归于尽'], urgency: 'high' },
  ],
  intakeRequired: false,
  intakeQuestions: [
    {
      id: 'thoughts',
      text: '这几天，你有过伤害自己或不想活下去的念头吗？',
      options: [
        { id: 'no', text: '没有', urgency: 'none' },
        { id: 'some', text: '有过，但没有打算去做', urgency: 'moderate' },
        { id: 'strong', text: '很强烈，或者已经有打算', urgency: 'high' },
      ],
    },
    {
      id: 'danger',
      text: '你现在受了伤、服了药，或者有人正在威胁你的安全吗？',
      options: [
        { id: 'no', text: '没有', urgency: 'none' },
        { id: 'yes', text: '有', urgency: 'high' },
      ],
    },
  ],
  urgencyLeadMinutes: { moderate: 5, high: 20 },
  neverPassedMinutes: 20,
  watchTold: 'counselor',
  longWaitMinutes: 5,
  lights: {
    load: { amber: 3, red: 5 },
    longWaiting: { amber: 1, red: 3 },
    supervisors: { amber: 1, red: 0 },
    highRisk: { amber: 1, red: 3 },
  },
  breathingSeconds: 0,
  highRiskBreakSeconds: 0,
  workLimits: { mode: 'off', dayHours: 4, inARow: 4, pauseMinutes: 10 },
  recordHold: false,
  maxConsults: 5,
  opening: 'always',
  openFrom: '00:00',
  openUntil: '24:00',
  waitingCreditMs: 10 * MINUTE,
  waitingCreditCapMs: 30 * MINUTE,
  consentVersion: 'hotline-1',
  consentText: null,
  emergency: [
    { name: '全国统一心理援助热线', phone: '12356', note: '24小时，免费，可以倾诉情绪与心理困扰' },
    { name: '报警求助', phone: '110', note: '自己或他人的人身安全受到威胁时' },
    { name: '急救中心', phone: '120', note: '已经受伤、服药或有生命危险时' },
  ],
};
