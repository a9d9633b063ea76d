/** Attachments that go: with their message, with their conversation, or because no message came to carry them. */
import type { Types } from 'mongoose';
import type { AttachmentRow } from '../../models/attachment.js';
import type { Ctx } from '../context.js';

/** How long an upload may wait for its message. */
const UNSENT_MS = 24 * 3_600_000;
const AT_ONCE = 100;

type Store = Pick<Ctx, 'models' | 'files'>;

/** The files first: a row that is left tells the next try what is still there. */
async function remove(ctx: Store, row: Pick<AttachmentRow, '_id' | 'conversation'>): Promise<void> {
  const base = `attachments/${row.conversation.toHexString()}/${row._id.toHexString()}`;
  await ctx.files.remove(base);
  await ctx.files.remove(`${base}.thumb`);
  await ctx.models.Attachment.deleteOne({ _id: row._id });
}

/** What a recalled message carried. */
export async function removeAttachmentsOf(
  ctx: Store,
  message: { conversation: Types.ObjectId; sender: Types.ObjectId | null; clientMsgId: string },
): Promise<void> {
  if (!message.sender) return;
  const { conversation, sender: uploader, clientMsgId } = message;
  const rows = await ctx.models.Attachment.find({ conversation, uploader, clientMsgId }).lean();
  for (const row of rows) await remove(ctx, row);
}

/** Everything of a conversation; its key is destroyed by then, so nothing of it could be opened anyway. */
export async function eraseAttachments(ctx: Store, conversation: Types.ObjectId): Promise<void> {
  const rows = await ctx.models.Attachment.find({ conversation }, { conversation: 1 }).lean();
  for (const row of rows) await remove(ctx, row);
}

export async function sweepUnsent(ctx: Ctx): Promise<void> {
  const before = new Date(ctx.clock.now() - UNSENT_MS);
  const rows = await ctx.models.Attachment.find({ unsent: true }, { conversation: 1, createdAt: 1 })
    .limit(10 * AT_ONCE)
    .lean();
  for (const row of rows.filter((each) => each.createdAt < before).slice(0, AT_ONCE)) {
    // A message may be claiming it just now: only what is still unsent is taken out of its reach.
    const taken = await ctx.models.Attachment.updateOne(
      { _id: row._id, clientMsgId: null },
      { $set: { clientMsgId: '' } },
    );
    if (taken.matchedCount > 0) await remove(ctx, row);
  }
}
