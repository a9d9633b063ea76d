import { Types } from 'mongoose';
import type { Assess, Assessment } from '../../contract/risk.js';
import type { Conversation } from '../../models/conversation.js';
import type { RiskAssessment } from '../../models/risk-case.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessRisk } from '../policies/risk.js';
import { ensureCase } from './open-case.js';
import { scoreOf } from './form.js';
import { raiseRisk } from './raise.js';
import { openWords, sealWords } from './sealed.js';

/**
 * Keeps a filled-in scale, in the session or after it. A high score opens a case; no score closes or ends anything.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT (unknown version, an item missing)
 */
export async function assess(ctx: Ctx, actor: Actor, input: Assess): Promise<Assessment> {
  const session = await accessSession(ctx, actor, input.id, 'assess');
  const { score, band } = scoreOf(input.form, input.answers);
  const _id = new Types.ObjectId();
  const made: RiskAssessment = {
    _id,
    institution: session.institution,
    conversation: session._id,
    form: input.form,
    score,
    band,
    answers: await sealWords(
      ctx,
      session,
      ['riskAssessments', 'answers', _id],
      JSON.stringify(input.answers),
    ),
    by: new Types.ObjectId(actor.id),
    at: new Date(ctx.clock.now()),
  };
  await ctx.models.RiskAssessment.create(made);
  await raiseRisk(ctx, session, band);
  if (band === 'high') await ensureCase(ctx, session, 'SCALE');
  // Who signed knew another score.
  await ctx.models.RiskCase.updateOne(
    { conversation: session._id, status: 'OPEN' },
    { $set: { score, band, signedBy: null, signedAt: null }, $inc: { rev: 1 } },
  );
  return presentAssessment(ctx, session, made);
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function listAssessments(ctx: Ctx, actor: Actor, id: string): Promise<Assessment[]> {
  return assessmentsOf(ctx, await accessSession(ctx, actor, id, 'read'));
}

export async function assessmentsOf(ctx: Ctx, session: Conversation): Promise<Assessment[]> {
  const rows = await ctx.models.RiskAssessment.find({ conversation: session._id }).sort({ at: -1 }).lean();
  return Promise.all(rows.map((row) => presentAssessment(ctx, session, row)));
}

async function accessSession(
  ctx: Ctx,
  actor: Actor,
  id: string,
  action: 'assess' | 'read',
): Promise<Conversation> {
  const session = await ctx.conversations.get(id);
  if (session?.type !== 'COUNSELING_SESSION')
    throw new AppError('NOT_FOUND', { message: '没有找到该会话。' });
  await accessRisk(ctx, actor, session, action);
  return session;
}

async function presentAssessment(ctx: Ctx, session: Conversation, row: RiskAssessment): Promise<Assessment> {
  const answers = await openWords(ctx, session, ['riskAssessments', 'answers', row._id], row.answers);
  return {
    id: row._id.toHexString(),
    conversationId: row.conversation.toHexString(),
    form: row.form,
    answers: answers === null ? null : (JSON.parse(answers) as Record<string, number>),
    score: row.score,
    band: row.band,
    by: row.by.toHexString(),
    time: row.at.getTime(),
  };
}
