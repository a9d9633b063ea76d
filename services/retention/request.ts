/** A person's lawful request to be erased, carried out by an admin; receipts; and taking a deletion back. */
import type { Listing } from '../../contract/common.js';
import type {
  Erasure as WireErasure,
  ErasureAnswer,
  ListErasures,
  RequestErasure,
} from '../../contract/retention.js';
import type { Conversation } from '../../models/conversation.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { scheduleErasure } from '../conversation/delete.js';
import { readPage } from '../page.js';
import { isOpen } from '../message/accept.js';
import { assertRetention } from '../policies/retention.js';
import { isHeld } from './hold.js';
import { destroyPerson, keepReceipt } from './person.js';

const HELD = '该内容处于法律保全中，不能删除；请先解除保全。';

/** @throws AppError FORBIDDEN, NOT_FOUND, RULE_REFUSED (open, or under a legal hold) */
export async function requestErasure(ctx: Ctx, actor: Actor, input: RequestErasure): Promise<ErasureAnswer> {
  assertRetention(actor, 'erasure.request', actor.institution);
  const sessions = await sessionsOf(ctx, actor, input);
  const threads = await ctx.models.Conversation.find({
    session: { $in: sessions.map(({ _id }) => _id) },
  }).lean();
  // All is judged before anything is done.
  for (const row of [...threads, ...sessions]) {
    if (isOpen(row)) throw new AppError('RULE_REFUSED', { message: '会谈还在进行，请先结束。' });
    if (await isHeld(ctx, row)) throw new AppError('RULE_REFUSED', { message: HELD });
  }
  const person =
    input.visitor === undefined ? null : await erasePerson(ctx, actor, input.visitor, input.reference);
  for (const row of [...threads, ...sessions]) {
    await ctx.audit.write({
      institution: row.institution,
      actor,
      action: 'conversation.erase-request',
      subject: `conversation:${row._id.toHexString()}`,
      reason: input.reference,
    });
    await scheduleErasure(ctx, row, { cause: 'request', actor, reference: input.reference });
  }
  // Last: what broke off before is still asked for, and can be accepted again.
  if (person) await keepReceipt(ctx, person, input.reference);
  return { conversations: sessions.map(({ _id }) => _id.toHexString()) };
}

async function sessionsOf(ctx: Ctx, actor: Actor, input: RequestErasure): Promise<Conversation[]> {
  const type = 'COUNSELING_SESSION' as const;
  const rows = await ctx.models.Conversation.find(
    input.conversation === undefined
      ? { visitor: objectId(input.visitor ?? ''), type }
      : { _id: objectId(input.conversation), type },
  ).lean();
  for (const row of rows) assertRetention(actor, 'erasure.request', row.institution);
  if (input.conversation !== undefined && rows.length === 0)
    throw new AppError('NOT_FOUND', { message: '没有找到该会谈。' });
  return rows;
}

/** Again is harmless, also for an account that was only deleted. @returns who it was */
async function erasePerson(ctx: Ctx, actor: Actor, id: string, reference: string): Promise<User> {
  const user = await ctx.models.User.findOne({ _id: objectId(id), role: 'VISITOR' }).lean();
  if (!user) throw new AppError('NOT_FOUND', { message: '没有找到该访客。' });
  assertRetention(actor, 'erasure.request', user.institution);
  const holds = await ctx.models.LegalHold.find({ visitor: user._id }, { liftedAt: 1 }).lean();
  if (holds.some(({ liftedAt }) => liftedAt === null)) throw new AppError('RULE_REFUSED', { message: HELD });
  await ctx.audit.write({
    institution: user.institution,
    actor,
    action: 'user.erase',
    subject: `user:${id}`,
    reason: reference,
  });
  await destroyPerson(ctx, user);
  return user;
}

/** Newest first, of one institution. @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export async function listErasures(
  ctx: Ctx,
  actor: Actor,
  { institution = actor.institution, ...input }: ListErasures,
): Promise<Listing<WireErasure>> {
  assertRetention(actor, 'erasure.manage', institution);
  const filter = { institution };
  const sort = { requestedAt: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.Erasure, { filter, sort }, input);
  return {
    rows: rows.map((row) => ({
      conversation: row._id.toHexString(),
      cause: row.cause ?? 'deleted',
      reference: row.reference ?? null,
      requestedTime: row.requestedAt.getTime(),
      dueTime: row.dueAt.getTime(),
      erasedTime: row.erasedAt?.getTime() ?? null,
      messages: row.messages,
    })),
    ...place,
  };
}

/**
 * Takes a deletion back while it is not erased.
 * @throws AppError NOT_FOUND, RULE_REFUSED when it is too late, or a person asked for it
 */
export async function undoDeletion(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  assertRetention(actor, 'erasure.manage', actor.institution);
  const row = await ctx.models.Conversation.findById(objectId(id)).lean();
  const erasure = row && (await ctx.models.Erasure.findById(row._id).lean());
  if (!row?.deletedAt || !erasure) throw new AppError('NOT_FOUND', { message: '没有找到已删除的会谈。' });
  assertRetention(actor, 'erasure.manage', row.institution);
  if (erasure.erasedAt || erasure.cause === 'request')
    throw new AppError('RULE_REFUSED', { message: '该会谈的内容已按要求销毁，不能恢复。' });
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: 'conversation.restore',
    subject: `conversation:${id}`,
  });
  const threads = await ctx.models.Conversation.find({ session: row._id }, { _id: 1 }).lean();
  // The rows first: an erasure that finds its conversation alive takes itself back.
  for (const { _id } of [row, ...threads]) {
    await ctx.models.Conversation.updateOne(
      { _id, deletedAt: { $ne: null } },
      { $set: { deletedAt: null }, $unset: { figuresStay: 1 } },
    );
    await ctx.models.Erasure.deleteOne({ _id, erasedAt: null });
    ctx.conversations.drop(_id.toHexString());
  }
}
