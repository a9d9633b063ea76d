/** What a client missed: state and messages after what it holds, per conversation; and list previews. */
import { Types } from 'mongoose';
import type { ConversationPreview, SyncAnswer, SyncedConversation } from '../../contract/conversation.js';
import { MAX_PAGE, type ReadMark, type Sync } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation, type Relation } from '../policies/conversation.js';
import { presentMark } from '../presenters/message.js';
import { presentConversations } from '../presenters/conversation.js';
import { headSeq, readRange } from './history.js';
import { auditReading } from './reading.js';

/**
 * Answers each conversation the caller may read; the others are named in `gone`. Messages of one that is not the
 * caller's own are written down before they leave (I15); its mere state is not.
 */
export async function syncConversations(ctx: Ctx, actor: Actor, input: Sync): Promise<SyncAnswer> {
  const gone: string[] = [];
  const found: { conversation: Conversation; relation: Relation; after: number }[] = [];
  for (const { id, after } of input.conversations) {
    try {
      const { conversation, relation } = await accessConversation(ctx, actor, id, 'read');
      // The cached copy may have missed a change that no bus told of.
      const now = (await ctx.conversations.reload(id)) ?? conversation;
      found.push({ conversation: now, relation, after });
    } catch (error) {
      if (error instanceof AppError && (error.word === 'NOT_FOUND' || error.word === 'FORBIDDEN'))
        gone.push(id);
      else throw error;
    }
  }
  const presented = await presentConversations(
    ctx,
    found.map(({ conversation }) => conversation),
  );
  const reads = await readMarks(
    ctx,
    found.map(({ conversation }) => conversation._id),
  );
  const conversations: SyncedConversation[] = [];
  for (const [index, { conversation, relation, after }] of found.entries()) {
    const state = presented[index];
    if (!state) continue;
    const messages = await readRange(ctx, conversation, after, after + MAX_PAGE);
    if (messages.length > 0) await auditReading(ctx, actor, conversation, relation, input.reason);
    const last = messages.at(-1)?.seq ?? after;
    conversations.push({
      conversation: { ...state, lastSeq: Math.max(state.lastSeq, last) },
      messages,
      more: messages.length === MAX_PAGE,
      reads: reads.get(state.id) ?? [],
    });
  }
  return { conversations, gone, time: ctx.clock.now() };
}

export async function readMarks(ctx: Ctx, ids: Types.ObjectId[]): Promise<Map<string, ReadMark[]>> {
  const rows = ids.length === 0 ? [] : await ctx.models.ReadMark.find({ conversation: { $in: ids } }).lean();
  const marks = new Map<string, ReadMark[]>();
  for (const row of rows) {
    const conversationId = row.conversation.toHexString();
    const list = marks.get(conversationId) ?? [];
    list.push(
      presentMark(conversationId, { user: row.user.toHexString(), seq: row.seq, received: row.received }),
    );
    marks.set(conversationId, list);
  }
  return marks;
}

/** The last line and the unread count of each of the caller's open conversations. */
export async function previewConversations(ctx: Ctx, actor: Actor): Promise<ConversationPreview[]> {
  // A thread is never a visitor's, whatever stands in it.
  const mine =
    actor.role === 'VISITOR'
      ? { visitor: objectId(actor.id), type: 'COUNSELING_SESSION' as const }
      : { counselor: objectId(actor.id) };
  const rows = await ctx.models.Conversation.find({
    ...mine,
    status: { $in: ['WAITING', 'IN_PROGRESS'] },
  }).lean();
  const marks = await readMarks(
    ctx,
    rows.map((row) => row._id),
  );
  return Promise.all(
    rows.map(async (row): Promise<ConversationPreview> => {
      const id = row._id.toHexString();
      const head = await headSeq(ctx, row);
      const read = marks.get(id)?.find((mark) => mark.userId === actor.id)?.seq ?? 0;
      // Enough of the end to find the last words and to count what is unread.
      const tail = await readRange(ctx, row, Math.max(0, head - 50), head);
      const unread = tail.filter(
        (message) => message.seq > read && message.kind !== 'system' && message.sender.id !== actor.id,
      ).length;
      const last = tail.findLast((message) => message.kind !== 'system') ?? tail.at(-1) ?? null;
      return { conversationId: id, last, unread };
    }),
  );
}
