/**
 * The scale, by version; an answer keeps the version that it was given with, so a changed scale is a new one beside
 * it. Twelve items and the bands 0–3, 4–7, 8–16 follow Tong et al., J Affect Disord 2023;329:141-148. The paper's
 * abstract names neither its items nor their points: wording and weights here are ours, and a stand-in until an
 * institution with the scale's licence puts its own beside them.
 */
import type { RiskForm } from '../../contract/risk.js';
import type { RiskLevel } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';

const item = (id: string, max: number, text: string) => ({ id, text, max });

const TWELVE: RiskForm = {
  version: 'hotline12-1',
  title: '热线自杀风险评估（12项）',
  items: [
    item('ideation', 2, '自杀意念与计划：0 没有，1 有想法，2 有计划或正在准备'),
    item('depression', 2, '抑郁程度：0 无或轻，1 中度，2 重度'),
    item('hopelessness', 2, '绝望感：0 没有，1 有时，2 持续'),
    item('acute', 2, '近一个月的急性生活事件：0 没有，1 影响较大，2 影响极大'),
    item('attempt', 1, '既往自杀行为'),
    item('relatives', 1, '亲友或熟人有过自杀行为'),
    item('chronic', 1, '长期的生活压力'),
    item('alcohol', 1, '酒精或药物滥用'),
    item('illness', 1, '严重的躯体疾病'),
    item('abuse', 1, '曾被虐待'),
    item('fear', 1, '害怕被攻击'),
    item('pain', 1, '难以承受的心理痛苦'),
  ],
  bands: [
    { band: 'low', from: 0 },
    { band: 'moderate', from: 4 },
    { band: 'high', from: 8 },
  ],
};

export const RISK_FORMS: readonly RiskForm[] = [TWELVE];

/**
 * @returns sum and band
 * @throws AppError BAD_INPUT (unknown version; an item that is missing, unknown or beyond its points)
 */
export function scoreOf(
  version: string,
  answers: Record<string, number>,
): { score: number; band: RiskLevel } {
  const form = RISK_FORMS.find((each) => each.version === version);
  if (!form) throw new AppError('BAD_INPUT', { message: '没有这个版本的量表，请刷新后重试。' });
  const known = new Set(form.items.map(({ id }) => id));
  const whole =
    Object.keys(answers).every((id) => known.has(id)) &&
    form.items.every(({ id, max }) => (answers[id] ?? -1) >= 0 && (answers[id] ?? 0) <= max);
  if (!whole) throw new AppError('BAD_INPUT', { message: '量表需要逐项填写，每项不超过规定的分值。' });
  const score = form.items.reduce((sum, { id }) => sum + (answers[id] ?? 0), 0);
  return { score, band: form.bands.findLast(({ from }) => score >= from)?.band ?? 'none' };
}
