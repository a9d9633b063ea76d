/** Risk: alarm, marks, scale, cases, follow-ups, disclosures (ours). */
import { z } from 'zod';
import {
  Alarm,
  Assess,
  AssignFollowUp,
  Assessment,
  Disclosure,
  FollowUp,
  ListFollowUps,
  ListRiskCases,
  Mark,
  OneRiskCase,
  RaiseAlarm,
  ReadMarks,
  RiskCase,
  RiskForm,
  SettleFollowUp,
  SignDisclosure,
  WholeRiskCase,
  WriteDisclosure,
  WritePlan,
} from '../../../contract/risk.js';
import { raiseAlarm } from '../../../services/risk/alarm.js';
import { assess, listAssessments } from '../../../services/risk/assess.js';
import { closeCase, listCases, readCase, signOff, writePlan } from '../../../services/risk/case.js';
import { signDisclosure, writeDisclosure } from '../../../services/risk/disclosure.js';
import { assignFollowUp, listFollowUps, settleFollowUp } from '../../../services/risk/follow-up.js';
import { RISK_FORMS } from '../../../services/risk/form.js';
import { listMarks } from '../../../services/risk/marks.js';
import { route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const CARERS = ['COUNSELOR', 'SUPERVISOR'] as const;
const ask = { dialect: 'ours', section: 'risk', method: 'get', from: 'query', auth: STAFF } as const;
const act = { dialect: 'ours', section: 'risk', method: 'post', from: 'json', auth: CARERS } as const;

export const riskRoutes = [
  route({
    ...act,
    path: '/api/v1/conversations/{id}/alarm',
    summary: '一键报警：呼叫值班督导，向来访者出示紧急求助卡',
    input: RaiseAlarm,
    answer: Alarm,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => raiseAlarm(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/conversations/{id}/marks',
    summary: '关键词规则标记的消息（来访者看不到）',
    input: ReadMarks,
    answer: z.array(Mark),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listMarks(ctx, actor, input.id),
  }),
  route({
    ...ask,
    path: '/api/v1/risk-forms',
    summary: '风险评估量表的各个版本',
    input: z.strictObject({}),
    answer: z.array(RiskForm),
    handle: () => Promise.resolve([...RISK_FORMS]),
  }),
  route({
    ...ask,
    path: '/api/v1/conversations/{id}/risk-assessments',
    summary: '一次会谈的风险评估',
    input: ReadMarks,
    answer: z.array(Assessment),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listAssessments(ctx, actor, input.id),
  }),
  route({
    ...act,
    path: '/api/v1/conversations/{id}/risk-assessments',
    summary: '填写风险评估量表',
    input: Assess,
    answer: Assessment,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => assess(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/risk-cases',
    summary: '高风险个案',
    input: ListRiskCases,
    list: true,
    answer: RiskCase,
    handle: ({ ctx, actor, input }) => listCases(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/risk-cases/{id}',
    summary: '一个高风险个案的全部内容',
    input: OneRiskCase,
    answer: WholeRiskCase,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readCase(ctx, actor, input.id),
  }),
  route({
    ...act,
    method: 'put',
    path: '/api/v1/risk-cases/{id}/plan',
    summary: '填写安全计划',
    input: WritePlan,
    answer: RiskCase,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => writePlan(ctx, actor, input),
  }),
  route({
    ...act,
    path: '/api/v1/risk-cases/{id}/sign-off',
    summary: '督导签署高风险个案',
    auth: ['SUPERVISOR'],
    input: OneRiskCase,
    answer: RiskCase,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => signOff(ctx, actor, input.id),
  }),
  route({
    ...act,
    path: '/api/v1/risk-cases/{id}/close',
    summary: '关闭高风险个案',
    input: OneRiskCase,
    answer: RiskCase,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => closeCase(ctx, actor, input.id),
  }),
  route({
    ...act,
    path: '/api/v1/risk-cases/{id}/disclosures',
    summary: '写一份披露报告',
    input: WriteDisclosure,
    answer: Disclosure,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => writeDisclosure(ctx, actor, input),
  }),
  route({
    ...act,
    path: '/api/v1/disclosures/{id}/sign',
    summary: '第二人签署披露报告',
    auth: ['SUPERVISOR', 'INSTITUTION_ADMINISTRATOR'],
    input: SignDisclosure,
    answer: Disclosure,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => signDisclosure(ctx, actor, input.id),
  }),
  route({
    ...ask,
    path: '/api/v1/follow-ups',
    summary: '回访任务，可只看逾期未做的',
    input: ListFollowUps,
    list: true,
    answer: FollowUp,
    handle: ({ ctx, actor, input }) => listFollowUps(ctx, actor, input),
  }),
  route({
    ...act,
    path: '/api/v1/follow-ups/{id}/settle',
    summary: '填写回访结果，或说明不再回访的原因',
    input: SettleFollowUp,
    answer: FollowUp,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => settleFollowUp(ctx, actor, input),
  }),
  route({
    ...act,
    path: '/api/v1/follow-ups/{id}/assign',
    summary: '把回访任务交给另一位工作人员',
    input: AssignFollowUp,
    answer: FollowUp,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => assignFollowUp(ctx, actor, input),
  }),
];
