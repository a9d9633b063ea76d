/** The rules of an institution as the page of policies draws them: in groups, each with its unit and bounds. */
import { LIMIT_MODES, MATCHING_ORDERS, WATCH_TOLD } from '../../../contract/enums.js';
import { MINUTE } from '../ui/time.js';

interface NumberRule {
  kind: 'number';
  unit: 'minutes' | 'seconds' | 'hours' | 'people' | 'sessions';
  least: number;
  most: number;
  /** How much of what is stored makes one of the unit. */
  per?: number;
}
interface ChoiceRule {
  kind: 'choice';
  choices: readonly string[];
}
export type Rule = { name: RuleName; /** Of an object: which part. */ part?: string } & (
  | NumberRule
  | ChoiceRule
  | { kind: 'flag' }
  | { kind: 'clock' }
  | { kind: 'minutes'; per?: number }
  | { kind: 'lines' }
);

const minutes = (name: RuleName, least: number, most: number): Rule => ({
  name,
  kind: 'number',
  unit: 'minutes',
  least,
  most,
});
const minutesOfMs = (name: RuleName, most = 24 * 60): Rule => ({
  name,
  kind: 'number',
  unit: 'minutes',
  least: 0,
  most,
  per: MINUTE,
});
const seconds = (name: RuleName, least: number, most: number): Rule => ({
  name,
  kind: 'number',
  unit: 'seconds',
  least,
  most,
});
const flag = (name: RuleName): Rule => ({ name, kind: 'flag' });

type RuleName =
  | 'textLimitMs'
  | 'voiceLimitMs'
  | 'waitingLimitMs'
  | 'silenceCloseMs'
  | 'checkInMs'
  | 'cueMinutes'
  | 'extensionMinutes'
  | 'opening'
  | 'openFrom'
  | 'openUntil'
  | 'consent'
  | 'matching'
  | 'preferReturning'
  | 'acceptSeconds'
  | 'namedFallbackMinutes'
  | 'wishWaitMinutes'
  | 'maxConsults'
  | 'breathingSeconds'
  | 'waitingCreditMs'
  | 'waitingCreditCapMs'
  | 'urgencyLeadMinutes'
  | 'neverPassedMinutes'
  | 'intakeRequired'
  | 'supervisorAnswerSeconds'
  | 'transferAnswerSeconds'
  | 'overlapMinutes'
  | 'watchTold'
  | 'longWaitMinutes'
  | 'riskScript'
  | 'sessionTags'
  | 'wrapUpSeconds'
  | 'recordRequired'
  | 'recordHold'
  | 'highRiskBreakSeconds'
  | 'workLimits';

export const GROUPS = {
  session: [
    minutesOfMs('textLimitMs'),
    minutesOfMs('voiceLimitMs'),
    minutesOfMs('waitingLimitMs'),
    minutesOfMs('silenceCloseMs'),
    { name: 'checkInMs', kind: 'minutes', per: MINUTE },
    { name: 'cueMinutes', kind: 'minutes' },
    minutes('extensionMinutes', 0, 120),
  ],
  opening: [
    { name: 'opening', kind: 'choice', choices: ['always', 'roster'] },
    { name: 'openFrom', kind: 'clock' },
    { name: 'openUntil', kind: 'clock' },
    { name: 'consent', kind: 'choice', choices: ['tap', 'strict'] },
  ],
  matching: [
    { name: 'matching', kind: 'choice', choices: MATCHING_ORDERS },
    flag('preferReturning'),
    seconds('acceptSeconds', 0, 600),
    minutes('namedFallbackMinutes', 0, 1_440),
    minutes('wishWaitMinutes', 0, 120),
    { name: 'maxConsults', kind: 'number', unit: 'people', least: 0, most: 50 },
    seconds('breathingSeconds', 0, 3_600),
    minutesOfMs('waitingCreditMs'),
    minutesOfMs('waitingCreditCapMs'),
    { name: 'urgencyLeadMinutes', part: 'moderate', kind: 'number', unit: 'minutes', least: 0, most: 240 },
    { name: 'urgencyLeadMinutes', part: 'high', kind: 'number', unit: 'minutes', least: 0, most: 240 },
    minutes('neverPassedMinutes', 0, 240),
    flag('intakeRequired'),
  ],
  supervision: [
    seconds('supervisorAnswerSeconds', 5, 600),
    seconds('transferAnswerSeconds', 5, 600),
    minutes('overlapMinutes', 0, 60),
    { name: 'watchTold', kind: 'choice', choices: WATCH_TOLD },
    minutes('longWaitMinutes', 1, 240),
    { name: 'riskScript', kind: 'lines' },
  ],
  record: [
    seconds('wrapUpSeconds', 0, 3_600),
    flag('recordRequired'),
    flag('recordHold'),
    { name: 'sessionTags', kind: 'lines' },
  ],
  care: [
    seconds('highRiskBreakSeconds', 0, 7_200),
    { name: 'workLimits', part: 'mode', kind: 'choice', choices: LIMIT_MODES },
    { name: 'workLimits', part: 'dayHours', kind: 'number', unit: 'hours', least: 0.5, most: 24 },
    { name: 'workLimits', part: 'inARow', kind: 'number', unit: 'sessions', least: 1, most: 50 },
    { name: 'workLimits', part: 'pauseMinutes', kind: 'number', unit: 'minutes', least: 1, most: 240 },
  ],
} as const satisfies Record<string, readonly Rule[]>;
export type GroupName = keyof typeof GROUPS;
