/**
 * Erasing by destroying the data key (design.md, "Erasure"): no copy of the words can be opened any more, wherever
 * it lies. What is left, sequence, digests and links, tells nothing of what was said. Every step may be repeated.
 */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Erasure } from '../../models/erasure.js';
import { appendCutoff } from '../account/cutoff.js';
import type { Ctx } from '../context.js';
import { isHeld } from './hold.js';
import { eraseLetters, isPersonBack, replayPeople } from './person.js';
import { DAY_MS, rulesOf } from './rules.js';
import { eraseAttachments } from '../files/attachment-erase.js';
import { eraseExportsOf } from '../export/erase.js';

const AT_ONCE = 20;

/** Erases what is due. */
export async function sweepErasures(ctx: Ctx): Promise<number> {
  const due = await ctx.models.Erasure.find({ erasedAt: null, dueAt: { $lte: new Date(ctx.clock.now()) } })
    .limit(AT_ONCE)
    .lean();
  for (const row of due) await erase(ctx, row);
  return due.length;
}

async function erase(ctx: Ctx, row: Erasure): Promise<void> {
  const id = row._id.toHexString();
  const conversation = await ctx.models.Conversation.findById(row._id, {
    deletedAt: 1,
    lastSeq: 1,
    visitor: 1,
    session: 1,
    endAt: 1,
    createdAt: 1,
  }).lean();
  if (conversation && !conversation.deletedAt) {
    // The deletion did not come to its end, or was taken back: nothing is erased that somebody may still read.
    await ctx.models.Erasure.deleteOne({ _id: row._id, erasedAt: null });
    return;
  }
  const refusal = conversation && (await refusalOf(ctx, row, conversation));
  if (refusal) {
    await postpone(ctx, row, refusal);
    return;
  }
  await ctx.audit.write({
    institution: row.institution,
    actor: null,
    action: 'conversation.erase',
    subject: `conversation:${id}`,
    reason: [row.cause ?? 'deleted', row.reference].filter(Boolean).join(' '),
  });
  await destroy(ctx, row);
  const rows = await ctx.models.Message.find(
    { conversation: row._id, seq: { $gte: conversation?.lastSeq ?? 0 } },
    { seq: 1, link: 1 },
  ).lean();
  const last = rows.reduce<(typeof rows)[number] | null>(
    (top, each) => (top && top.seq > each.seq ? top : each),
    null,
  );
  await ctx.models.Erasure.updateOne(
    { _id: row._id },
    {
      $set: {
        erasedAt: new Date(ctx.clock.now()),
        messages: last?.seq ?? 0,
        lastLink: last?.link ?? null,
      },
    },
  );
}

/** The key first: from then on nothing can be opened; then what it sealed, the files, and the visitor's name. */
async function destroy(ctx: Ctx, row: Pick<Erasure, '_id' | 'key'>): Promise<void> {
  await ctx.models.DataKey.updateOne({ _id: row.key }, { $set: { wrapped: null } });
  await appendCutoff(ctx, { subject: 'key', ref: row.key.toHexString(), version: 1, reason: 'erased' });
  ctx.keys.drop(row.key.toHexString());
  await ctx.models.Message.updateMany(
    { conversation: row._id, body: { $ne: null } },
    { $set: { body: null } },
  );
  await ctx.models.Evaluation.updateMany({ conversation: row._id }, { $set: { content: null } });
  await eraseImTraces(ctx, row._id);
  // Whose it was goes last: what Tencent left over is found by it.
  await ctx.models.Conversation.updateOne(
    { _id: row._id },
    { $set: { visitorName: null, visitor: null }, $unset: { tags: 1 } },
  );
  await eraseAttachments(ctx, row._id);
  await eraseExportsOf(ctx, row._id);
}

type Facts = Pick<Conversation, '_id' | 'visitor' | 'session' | 'endAt' | 'createdAt'>;

/** Why a due erasure must not happen now; null = it may. A person's request overrides the minimum, never a hold. */
async function refusalOf(ctx: Ctx, row: Erasure, conversation: Facts): Promise<'held' | 'too-young' | null> {
  if (await isHeld(ctx, conversation)) return 'held';
  if (row.cause === 'request') return null;
  const { conversation: rule } = await rulesOf(ctx, row.institution);
  const age = ctx.clock.now() - (conversation.endAt ?? conversation.createdAt).getTime();
  return age < rule.minDays * DAY_MS ? 'too-young' : null;
}

/** Looked at again in a day; the refusal is written to the audit log each time. */
async function postpone(ctx: Ctx, row: Erasure, refusal: string): Promise<void> {
  await ctx.audit.write({
    institution: row.institution,
    actor: null,
    action: 'conversation.erase-refused',
    subject: `conversation:${row._id.toHexString()}`,
    reason: refusal,
  });
  const dueAt = new Date(ctx.clock.now() + DAY_MS);
  await ctx.models.Erasure.updateOne({ _id: row._id, erasedAt: null }, { $set: { dueAt } });
}

/** Where Tencent's copies lie, how far they went, and callbacks of its time that found no place. */
async function eraseImTraces(ctx: Ctx, id: Types.ObjectId): Promise<void> {
  await ctx.models.ImLink.deleteMany({ conversation: id });
  await ctx.models.ImMirror.deleteOne({ _id: id });
  const row = await ctx.models.Conversation.findById(id, { visitor: 1, createdAt: 1, endAt: 1 }).lean();
  if (!row?.visitor) return;
  const until = new Date((row.endAt ?? row.createdAt).getTime() + DAY_MS);
  await eraseLetters(ctx, row.visitor, { $gte: row.createdAt, $lt: until });
}

/** At a start: whether a backup was put back without `npm run restore`, by the keys and people that should be gone. */
export async function replayIfRestored(ctx: Ctx): Promise<number> {
  const receipts = await ctx.models.Erasure.find({ erasedAt: { $ne: null } }, { key: 1 }).lean();
  const back = await ctx.models.DataKey.find(
    { _id: { $in: receipts.map(({ key }) => key) }, wrapped: { $ne: null } },
    { _id: 1 },
  ).lean();
  return back.length > 0 || (await isPersonBack(ctx)) ? replayErasures(ctx) : 0;
}

/** After a restore: everything that was erased is erased again before it can be served. */
export async function replayErasures(ctx: Ctx): Promise<number> {
  const receipts = await ctx.models.Erasure.find({ erasedAt: { $ne: null } }).lean();
  for (const receipt of receipts) await destroy(ctx, receipt);
  return receipts.length + (await replayPeople(ctx));
}
