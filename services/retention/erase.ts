/**
 * Erasing by destroying the data key (design.md, "Erasure"): no copy of the words can be opened any more, wherever
 * it lies. What is left, sequence, digests and links, tells nothing of what was said. Every step may be repeated.
 */
import type { Erasure } from '../../models/erasure.js';
import { appendCutoff } from '../account/cutoff.js';
import type { Ctx } from '../context.js';
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
  const conversation = await ctx.models.Conversation.findById(row._id, { deletedAt: 1, lastSeq: 1 }).lean();
  if (conversation && !conversation.deletedAt) {
    // The deletion did not come to its end, or was taken back: nothing is erased that somebody may still read.
    await ctx.models.Erasure.deleteOne({ _id: row._id, erasedAt: null });
    return;
  }
  await ctx.audit.write({
    institution: row.institution,
    actor: null,
    action: 'conversation.erase',
    subject: `conversation:${id}`,
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
  await ctx.models.Conversation.updateOne({ _id: row._id }, { $set: { visitorName: null } });
  await eraseAttachments(ctx, row._id);
  await eraseExportsOf(ctx, row._id);
}

/** After a restore: everything that was erased is erased again before it can be served. */
export async function replayErasures(ctx: Ctx): Promise<number> {
  const receipts = await ctx.models.Erasure.find({ erasedAt: { $ne: null } }).lean();
  for (const receipt of receipts) await destroy(ctx, receipt);
  return receipts.length;
}
