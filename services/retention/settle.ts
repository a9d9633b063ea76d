/** Visitors' requests to be erased, as tasks of admins: one accepts, which erases at once, or refuses and says why. */
import type { Listing } from '../../contract/common.js';
import type {
  ErasureRequest as WireRequest,
  ListErasureRequests,
  SettleErasure,
} from '../../contract/erasure-request.js';
import type { ErasureRequest } from '../../models/erasure-request.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { assertRetention, retentionScope } from '../policies/retention.js';
import { requestErasure } from './request.js';

/** After that an acceptance broke off with its process, and may be carried out again. */
const CLAIM_MS = 60_000;

/** Who has waited longest comes first. @throws AppError FORBIDDEN, NOT_FOUND for another institution's */
export async function listErasureRequests(
  ctx: Ctx,
  actor: Actor,
  { state, institution, ...asked }: ListErasureRequests,
): Promise<Listing<WireRequest>> {
  if (institution !== undefined) assertRetention(actor, 'erasure.manage', institution);
  const filter = {
    ...retentionScope(actor, 'erasure.manage'),
    ...(institution === undefined ? {} : { institution }),
    ...(state === undefined ? {} : { state }),
  };
  const sort = { askedAt: 1, _id: 1 } as const;
  const { rows, ...place } = await readPage(ctx.models.ErasureRequest, { filter, sort }, asked);
  return { rows: await present(ctx, rows), ...place };
}

/**
 * A refusal of the erasure itself (an open session, a legal hold) leaves the request open.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT (settled, or being carried out), RULE_REFUSED
 */
export async function settleErasure(ctx: Ctx, actor: Actor, input: SettleErasure): Promise<WireRequest> {
  assertRetention(actor, 'erasure.request', actor.institution);
  const row = await ctx.models.ErasureRequest.findById(objectId(input.id)).lean();
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该申请，可能已被撤回。' });
  assertRetention(actor, 'erasure.request', row.institution);
  await (input.accept ? accept : refuse)(ctx, actor, row, input);
  const settled = await ctx.models.ErasureRequest.find({ _id: row._id }).lean();
  const [shown] = await present(ctx, settled);
  if (!shown) throw new AppError('NOT_FOUND');
  return shown;
}

/** Claimed first: from then on the visitor can't take it back and nobody else can refuse it. */
async function accept(
  ctx: Ctx,
  actor: Actor,
  { _id, institution }: ErasureRequest,
  { reference }: SettleErasure,
) {
  const now = ctx.clock.now();
  const claimedAt = new Date(now);
  const free = [{ claimedAt: null }, { claimedAt: { $lt: new Date(now - CLAIM_MS) } }];
  await change(ctx, { _id, state: 'ASKED', $or: free }, { claimedAt });
  const visitor = _id.toHexString();
  const subject = `user:${visitor}`;
  await ctx.audit.write({ institution, actor, action: 'erasure-request.accept', subject, reason: reference });
  try {
    await requestErasure(ctx, actor, { visitor, reference });
  } catch (error) {
    // It was refused before anything was done.
    if (error instanceof AppError && error.word === 'RULE_REFUSED')
      await ctx.models.ErasureRequest.updateOne(
        { _id, state: 'ASKED', claimedAt },
        { $set: { claimedAt: null } },
      );
    throw error;
  }
}

async function refuse(ctx: Ctx, actor: Actor, { _id, institution }: ErasureRequest, input: SettleErasure) {
  const { reference, reason = null } = input;
  await ctx.audit.write({
    ...{ institution, actor, action: 'erasure-request.refuse', subject: `user:${_id.toHexString()}` },
    reason: [reason, reference].filter(Boolean).join(' '),
  });
  await change(
    ctx,
    { _id, state: 'ASKED', claimedAt: null },
    { state: 'REFUSED', settledAt: new Date(ctx.clock.now()), reference, reason },
  );
}

async function change(ctx: Ctx, from: object, to: Partial<ErasureRequest>): Promise<void> {
  const { modifiedCount } = await ctx.models.ErasureRequest.updateOne(from, { $set: to });
  if (modifiedCount === 0)
    throw new AppError('CONFLICT', { message: '该申请已经处理，或正在处理，请刷新列表。' });
}

async function present({ models }: Pick<Ctx, 'models'>, rows: ErasureRequest[]): Promise<WireRequest[]> {
  const ids = rows.map(({ _id }) => _id);
  const people = await models.User.find({ _id: { $in: ids } }, { name: 1 }).lean();
  const names = new Map(people.map(({ _id, name }) => [_id.toHexString(), name]));
  return rows.map((row) => ({
    id: row._id.toHexString(),
    name: names.get(row._id.toHexString()) ?? null,
    institution: row.institution,
    state: row.state,
    askedTime: row.askedAt.getTime(),
    settledTime: row.settledAt?.getTime() ?? null,
    reference: row.reference,
    reason: row.reason,
  }));
}
