/** A visitor's request that everything of theirs be erased: one a visitor, open until an admin settles it. */
import { Types } from 'mongoose';
import type { OwnErasureRequest } from '../../contract/erasure-request.js';
import type { ErasureRequest } from '../../models/erasure-request.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRetention } from '../policies/retention.js';

/** Again is harmless; who was refused may ask anew. @throws AppError FORBIDDEN */
export async function askErasure(ctx: Ctx, actor: Actor): Promise<OwnErasureRequest> {
  assertRetention(actor, 'erasure.ask', actor.institution);
  const _id = new Types.ObjectId(actor.id);
  const asked: Omit<ErasureRequest, '_id' | 'institution'> = {
    ...{ state: 'ASKED', askedAt: new Date(ctx.clock.now()), claimedAt: null },
    ...{ settledAt: null, reference: null, reason: null },
  };
  try {
    await ctx.models.ErasureRequest.create({ _id, institution: actor.institution, ...asked });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await ctx.models.ErasureRequest.updateOne({ _id, state: 'REFUSED' }, { $set: asked });
  }
  return ownErasure(ctx, actor);
}

/** @throws AppError FORBIDDEN */
export async function ownErasure(ctx: Ctx, actor: Actor): Promise<OwnErasureRequest> {
  assertRetention(actor, 'erasure.ask', actor.institution);
  const row = await ctx.models.ErasureRequest.findById(new Types.ObjectId(actor.id)).lean();
  return {
    state: row?.state ?? 'NONE',
    askedTime: row?.askedAt.getTime() ?? null,
    settledTime: row?.settledAt?.getTime() ?? null,
    reference: row?.reference ?? null,
    reason: row?.reason ?? null,
  };
}

/** While it is open; with none open nothing happens. @throws AppError FORBIDDEN, RULE_REFUSED (accepted already) */
export async function withdrawErasure(ctx: Ctx, actor: Actor): Promise<OwnErasureRequest> {
  assertRetention(actor, 'erasure.ask', actor.institution);
  const _id = new Types.ObjectId(actor.id);
  await ctx.models.ErasureRequest.deleteOne({ _id, state: 'ASKED', claimedAt: null });
  const now = await ownErasure(ctx, actor);
  if (now.state === 'ASKED' || now.state === 'DONE')
    throw new AppError('RULE_REFUSED', { message: '删除已经开始，不能再撤回。' });
  return now;
}
