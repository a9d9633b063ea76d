/** Legal hold: what is held is erased by nobody, neither the purge nor a request, until the hold is lifted. */
import { Types } from 'mongoose';
import type { CreateHold, LegalHold as WireHold } from '../../contract/retention.js';
import type { Conversation } from '../../models/conversation.js';
import type { LegalHold } from '../../models/legal-hold.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRetention } from '../policies/retention.js';

export async function isHeld(
  ctx: Pick<Ctx, 'models'>,
  conversation: Pick<Conversation, '_id' | 'visitor' | 'session'>,
): Promise<boolean> {
  const ids = [conversation._id, ...(conversation.session ? [conversation.session] : [])];
  const rows = await ctx.models.LegalHold.find({ conversation: { $in: ids } }, { liftedAt: 1 }).lean();
  const visitor = conversation.visitor ?? (await visitorOf(ctx, conversation.session));
  const person = visitor ? await ctx.models.LegalHold.find({ visitor }, { liftedAt: 1 }).lean() : [];
  return [...rows, ...person].some(({ liftedAt }) => liftedAt === null);
}

/** A thread is its session's visitor's. */
async function visitorOf(ctx: Pick<Ctx, 'models'>, session: Types.ObjectId | null) {
  if (!session) return null;
  return (await ctx.models.Conversation.findById(session, { visitor: 1 }).lean())?.visitor ?? null;
}

const present = (row: LegalHold): WireHold => ({
  id: row._id.toHexString(),
  conversation: row.conversation?.toHexString() ?? null,
  visitor: row.visitor?.toHexString() ?? null,
  reference: row.reference,
  time: row.at.getTime(),
});

/** @throws AppError FORBIDDEN, NOT_FOUND */
export async function createHold(ctx: Ctx, actor: Actor, input: CreateHold): Promise<WireHold> {
  assertRetention(actor, 'hold.manage', actor.institution);
  const institution = await institutionOf(ctx, input);
  if (institution === null) throw new AppError('NOT_FOUND');
  assertRetention(actor, 'hold.manage', institution);
  const row: LegalHold = {
    _id: new Types.ObjectId(),
    institution,
    conversation: input.conversation === undefined ? null : objectId(input.conversation),
    visitor: input.visitor === undefined ? null : objectId(input.visitor),
    reference: input.reference,
    by: new Types.ObjectId(actor.id),
    at: new Date(ctx.clock.now()),
    liftedAt: null,
  };
  await ctx.audit.write({
    institution,
    actor,
    action: 'hold.create',
    subject: row.conversation
      ? `conversation:${row.conversation.toHexString()}`
      : `user:${input.visitor ?? ''}`,
    reason: input.reference,
  });
  await ctx.models.LegalHold.create(row);
  return present(row);
}

async function institutionOf(ctx: Ctx, { conversation, visitor }: CreateHold): Promise<string | null> {
  // Deleted ones too: within the grace is when a hold is needed most.
  const row =
    conversation === undefined
      ? await ctx.models.User.findOne(
          { _id: objectId(visitor ?? ''), role: 'VISITOR' },
          { institution: 1 },
        ).lean()
      : await ctx.models.Conversation.findById(objectId(conversation), { institution: 1 }).lean();
  return row?.institution ?? null;
}

/** Those in force, newest first. @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export async function listHolds(
  ctx: Ctx,
  actor: Actor,
  institution = actor.institution,
): Promise<WireHold[]> {
  assertRetention(actor, 'hold.manage', institution);
  const rows = await ctx.models.LegalHold.find({ institution }).sort({ at: -1 }).lean();
  return rows.filter(({ liftedAt }) => liftedAt === null).map(present);
}

export async function liftHold(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  assertRetention(actor, 'hold.manage', actor.institution);
  const row = await ctx.models.LegalHold.findById(objectId(id)).lean();
  if (!row || row.liftedAt) throw new AppError('NOT_FOUND');
  assertRetention(actor, 'hold.manage', row.institution);
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: 'hold.lift',
    subject: `hold:${id}`,
    reason: row.reference,
  });
  await ctx.models.LegalHold.updateOne({ _id: row._id }, { $set: { liftedAt: new Date(ctx.clock.now()) } });
}
