/** What becomes of a visitor who is erased, beside their sessions; every step may be repeated. */
import type { Types } from 'mongoose';
import type { User } from '../../models/user.js';
import { isDuplicate } from '../../platform/mongo.js';
import { ERASED_LOG_INS, erasedFields } from '../account/erased.js';
import { raiseUser } from '../account/cutoff.js';
import type { Ctx } from '../context.js';
import { removeAvatar } from '../files/avatar.js';
import { eraseOffline } from '../offline-message/erase.js';

/** Level B of a visitor, and every way back in; the row stays as nobody, since times and counts refer to it. */
export async function destroyPerson(ctx: Ctx, user: User): Promise<void> {
  await removeAvatar(ctx, user);
  if (user.disabledReason !== 'erased')
    await raiseUser(ctx, user._id.toHexString(), 'erased', {
      $set: { ...erasedFields(user.userID, 'erased'), name: null },
      $unset: ERASED_LOG_INS,
    });
  await eraseLetters(ctx, user._id);
  await eraseOffline(ctx, { visitor: user._id });
}

/** Settles what the visitor asked for; who did not ask by themselves has a receipt all the same. */
export async function keepReceipt(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  { _id, institution }: Pick<User, '_id' | 'institution'>,
  reference: string,
): Promise<void> {
  const settledAt = new Date(ctx.clock.now());
  const done = { state: 'DONE', claimedAt: null, settledAt, reference, reason: null } as const;
  const asked = await ctx.models.ErasureRequest.updateOne({ _id, state: { $ne: 'DONE' } }, { $set: done });
  if (asked.matchedCount > 0) return;
  await ctx.models.ErasureRequest.create({ _id, institution, askedAt: settledAt, ...done }).catch(
    (error: unknown) => {
      if (!isDuplicate(error)) throw error;
    },
  );
}

/** Dead letters of a person: their keys first. */
export async function eraseLetters(
  ctx: Ctx,
  person: Types.ObjectId,
  at?: { $gte: Date; $lt: Date },
): Promise<void> {
  const account = person.toHexString();
  const letters = await ctx.models.DeadLetter.find(
    { $or: [{ from: account }, { to: account }], ...(at ? { at } : {}) },
    { payloadKey: 1 },
  ).lean();
  for (const { _id, payloadKey } of letters) {
    await ctx.models.DataKey.updateOne({ _id: payloadKey }, { $set: { wrapped: null } });
    await ctx.models.DeadLetter.deleteOne({ _id });
  }
}

/** Whether somebody who was erased stands there again. */
export async function isPersonBack(ctx: Pick<Ctx, 'models'>): Promise<boolean> {
  const _id = { $in: await idsOfErased(ctx) };
  return (await ctx.models.User.exists({ _id, disabledReason: { $ne: 'erased' } })) !== null;
}

/** After a restore. @returns how many people were erased again */
export async function replayPeople(ctx: Ctx): Promise<number> {
  const _id = { $in: await idsOfErased(ctx) };
  const people = await ctx.models.User.find({ _id }).lean();
  for (const user of people) await destroyPerson(ctx, user);
  return people.length;
}

async function idsOfErased({ models }: Pick<Ctx, 'models'>): Promise<Types.ObjectId[]> {
  const receipts = await models.ErasureRequest.find({ state: 'DONE' }, { _id: 1 }).lean();
  return receipts.map(({ _id }) => _id);
}
