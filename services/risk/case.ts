/** The case of a high-risk session: opened by an alarm or the scale, closed only with plan, scale and sign-off. */
import type { Types } from 'mongoose';
import type { ListRiskCases, RiskCase as WireCase, WholeRiskCase, WritePlan } from '../../contract/risk.js';
import type { Listing } from '../../contract/common.js';
import type { RiskCase } from '../../models/risk-case.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { consultScope } from '../conversation/consult-list.js';
import { readPage } from '../page.js';
import type { Actor, Ctx } from '../context.js';
import { namesOf } from '../message/names.js';
import { auditReading } from '../message/reading.js';
import { accessCase } from '../policies/risk.js';
import { assessmentsOf } from './assess.js';
import { disclosuresOf } from './disclosure.js';
import { followUpsOf } from './follow-up.js';
import { openWords, sealWords } from './sealed.js';

/** Cases in the caller's reach, newest first. @throws AppError FORBIDDEN */
export async function listCases(ctx: Ctx, actor: Actor, input: ListRiskCases): Promise<Listing<WireCase>> {
  const filter = {
    ...(await caseScope(ctx, actor)),
    ...(input.status ? { status: input.status } : {}),
    ...(input.conversation ? { $and: [{ conversation: objectId(input.conversation) }] } : {}),
  };
  const sort = { openedAt: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.RiskCase, { filter, sort }, input);
  return { rows: await presentCases(ctx, rows), ...place };
}

/** The same rule as by id: that of the sessions which they are about. */
async function caseScope(ctx: Ctx, actor: Actor) {
  switch (actor.role) {
    case 'SYSTEM_ADMINISTRATOR':
      return {};
    case 'INSTITUTION_ADMINISTRATOR':
      return { institution: actor.institution };
    default: {
      const ofInstitution = { institution: actor.institution };
      const cases = await ctx.models.RiskCase.find(ofInstitution, { conversation: 1 }).lean();
      const sessions = await ctx.models.Conversation.find(
        { $and: [await consultScope(ctx, actor), { _id: { $in: cases.map((each) => each.conversation) } }] },
        { _id: 1 },
      ).lean();
      return { ...ofInstitution, conversation: { $in: sessions.map(({ _id }) => _id) } };
    }
  }
}

/** With everything in it; read by whoever takes no part it is written down first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function readCase(ctx: Ctx, actor: Actor, id: string): Promise<WholeRiskCase> {
  const { row, session, relation } = await accessCase(ctx, actor, id, 'read');
  await auditReading(ctx, actor, session, relation, 'RISK');
  const [assessments, followUps, disclosures] = await Promise.all([
    assessmentsOf(ctx, session),
    followUpsOf(ctx, session, row._id),
    disclosuresOf(ctx, session, row._id),
  ]);
  const plan = await openWords(ctx, session, ['riskCases', 'plan', row._id], row.plan);
  return { ...(await presentCase(ctx, row)), plan, assessments, followUps, disclosures };
}

/** Writes the safety plan; what was signed before is to be signed again. @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED */
export async function writePlan(ctx: Ctx, actor: Actor, input: WritePlan): Promise<WireCase> {
  const { row, session } = await accessCase(ctx, actor, input.id, 'write');
  const plan = await sealWords(ctx, session, ['riskCases', 'plan', row._id], input.plan);
  return change(ctx, actor, row, 'plan', { plan, signedBy: null, signedAt: null });
}

/** A supervisor stands for what was done. @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (no scale or plan) */
export async function signOff(ctx: Ctx, actor: Actor, id: string): Promise<WireCase> {
  const { row } = await accessCase(ctx, actor, id, 'sign-off');
  if (missingOf(row).some((what) => what !== 'SIGN_OFF'))
    throw new AppError('RULE_REFUSED', { message: '请先完成风险评估和安全计划，再由督导签署。' });
  if (row.signedBy) return presentCase(ctx, row);
  return change(ctx, actor, row, 'sign-off', {
    signedBy: objectId(actor.id),
    signedAt: new Date(ctx.clock.now()),
  });
}

/**
 * Nothing more is to be done but the follow-ups, which go on. The conversation has its own end.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (something is missing)
 */
export async function closeCase(ctx: Ctx, actor: Actor, id: string): Promise<WireCase> {
  const { row } = await accessCase(ctx, actor, id, 'close');
  if (row.status === 'CLOSED') return presentCase(ctx, row);
  if (missingOf(row).length > 0)
    throw new AppError('RULE_REFUSED', { message: '高风险个案需要风险评估、安全计划和督导签署后才能关闭。' });
  return change(ctx, actor, row, 'close', {
    status: 'CLOSED',
    closedAt: new Date(ctx.clock.now()),
    closedBy: objectId(actor.id),
  });
}

/** Compare-and-set on the case's rev: nobody signs a plan that they have not seen. */
async function change(
  ctx: Ctx,
  actor: Actor,
  row: RiskCase,
  step: string,
  set: Partial<RiskCase>,
): Promise<WireCase> {
  if (row.status === 'CLOSED') throw new AppError('RULE_REFUSED', { message: '该个案已经关闭。' });
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: `risk.${step}`,
    subject: `case:${row._id.toHexString()}`,
  });
  const changed = await ctx.models.RiskCase.findOneAndUpdate(
    { _id: row._id, rev: row.rev, status: 'OPEN' },
    { $set: set, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!changed) throw new AppError('CONFLICT', { message: '该个案刚刚发生了变化，请刷新后重试。' });
  return presentCase(ctx, changed);
}

export function missingOf(row: RiskCase): WireCase['missing'] {
  return [
    ...(row.score === null ? (['ASSESSMENT'] as const) : []),
    ...(row.plan === null ? (['PLAN'] as const) : []),
    ...(row.signedBy === null ? (['SIGN_OFF'] as const) : []),
  ];
}

async function presentCase(ctx: Ctx, row: RiskCase): Promise<WireCase> {
  const [presented] = await presentCases(ctx, [row]);
  if (!presented) throw new Error('one in, one out');
  return presented;
}

/** One query for the names of all people in them. */
async function presentCases(ctx: Ctx, rows: RiskCase[]): Promise<WireCase[]> {
  const people = rows.flatMap(({ visitor, owner, signedBy }) => [visitor, owner, signedBy]);
  const names = await namesOf(
    ctx,
    people.flatMap((id) => id?.toHexString() ?? []),
  );
  const nameOf = (id: Types.ObjectId | null) => (id && names.get(id.toHexString())) ?? null;
  return rows.map((row) => ({
    id: row._id.toHexString(),
    conversationId: row.conversation.toHexString(),
    visitor: row.visitor?.toHexString() ?? null,
    visitorName: nameOf(row.visitor),
    owner: row.owner?.toHexString() ?? null,
    ownerName: nameOf(row.owner),
    status: row.status,
    source: row.source,
    openedTime: row.openedAt.getTime(),
    score: row.score,
    band: row.band,
    hasPlan: row.plan !== null,
    signedBy: row.signedBy?.toHexString() ?? null,
    signedByName: nameOf(row.signedBy),
    signedTime: row.signedAt?.getTime() ?? null,
    closedTime: row.closedAt?.getTime() ?? null,
    missing: missingOf(row),
  }));
}
