import { Types } from 'mongoose';
import type { CaseSource } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { RiskCase } from '../../models/risk-case.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { planFollowUps } from './follow-up.js';

/** The session's case, made at first need with its five follow-ups. Safe to repeat. */
export async function ensureCase(ctx: Ctx, session: Conversation, source: CaseSource): Promise<RiskCase> {
  const known = await ctx.models.RiskCase.findOne({ conversation: session._id }).lean();
  const row = known ?? (await insert(ctx, session, source));
  await planFollowUps(ctx, row);
  return row;
}

async function insert(ctx: Ctx, session: Conversation, source: CaseSource): Promise<RiskCase> {
  try {
    const made = await ctx.models.RiskCase.create({
      _id: new Types.ObjectId(),
      institution: session.institution,
      conversation: session._id,
      visitor: session.visitor,
      owner: session.counselor,
      source,
      openedAt: new Date(ctx.clock.now()),
    });
    return made.toObject();
  } catch (error) {
    // Alarm and scale at once: one case.
    if (!isDuplicate(error)) throw error;
    return ctx.models.RiskCase.findOne({ conversation: session._id }).lean().orFail();
  }
}
