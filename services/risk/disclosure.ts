/** Something of a case told outside: who, whom, why and when, and a second person who signs for it. */
import { Types } from 'mongoose';
import type { Disclosure as Wire, WriteDisclosure } from '../../contract/risk.js';
import type { Conversation } from '../../models/conversation.js';
import type { Disclosure } from '../../models/follow-up.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessCase } from '../policies/risk.js';
import { openWords, sealWords } from './sealed.js';

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function writeDisclosure(ctx: Ctx, actor: Actor, input: WriteDisclosure): Promise<Wire> {
  const { row, session } = await accessCase(ctx, actor, input.id, 'write');
  const _id = new Types.ObjectId();
  const sealed = (field: string, text: string) => sealWords(ctx, session, ['disclosures', field, _id], text);
  const made = {
    _id,
    institution: row.institution,
    case: row._id,
    conversation: row.conversation,
    to: input.to,
    whom: await sealed('whom', input.whom),
    reason: await sealed('reason', input.reason),
    untold: input.untold === undefined ? null : await sealed('untold', input.untold),
    visitorTold: input.visitorTold,
    by: new Types.ObjectId(actor.id),
    at: new Date(ctx.clock.now()),
    signedBy: null,
    signedAt: null,
  };
  await audit(ctx, actor, made, 'write');
  await ctx.models.Disclosure.create(made);
  return present(ctx, session, made);
}

/** The second signature: never that of who wrote it. Again is harmless. @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED */
export async function signDisclosure(ctx: Ctx, actor: Actor, id: string): Promise<Wire> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.Disclosure.findById(_id).lean());
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该披露报告。' });
  const { session } = await accessCase(ctx, actor, row.case.toHexString(), 'countersign');
  if (row.by.toHexString() === actor.id)
    throw new AppError('RULE_REFUSED', { message: '披露报告需要由另一位负责人签署。' });
  if (row.signedBy) return present(ctx, session, row);
  await audit(ctx, actor, row, 'sign');
  const signed = await ctx.models.Disclosure.findOneAndUpdate(
    { _id: row._id, signedBy: null },
    { $set: { signedBy: objectId(actor.id), signedAt: new Date(ctx.clock.now()) } },
    { returnDocument: 'after' },
  ).lean();
  return present(ctx, session, signed ?? (await ctx.models.Disclosure.findById(row._id).lean().orFail()));
}

export async function disclosuresOf(ctx: Ctx, session: Conversation, id: Types.ObjectId): Promise<Wire[]> {
  const rows = await ctx.models.Disclosure.find({ case: id }).sort({ at: -1 }).lean();
  return Promise.all(rows.map((row) => present(ctx, session, row)));
}

async function audit(ctx: Ctx, actor: Actor, row: Disclosure, step: string): Promise<void> {
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: `disclosure.${step}`,
    subject: `case:${row.case.toHexString()}`,
  });
}

async function present(ctx: Ctx, session: Conversation, row: Disclosure): Promise<Wire> {
  const open = (field: string, sealed: Buffer | null) =>
    openWords(ctx, session, ['disclosures', field, row._id], sealed);
  return {
    id: row._id.toHexString(),
    case: row.case.toHexString(),
    to: row.to,
    whom: await open('whom', row.whom),
    reason: await open('reason', row.reason),
    visitorTold: row.visitorTold,
    untold: await open('untold', row.untold),
    by: row.by.toHexString(),
    time: row.at.getTime(),
    signedBy: row.signedBy?.toHexString() ?? null,
    signedTime: row.signedAt?.getTime() ?? null,
  };
}
