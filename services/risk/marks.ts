import type { Mark } from '../../contract/risk.js';
import type { Message } from '../../models/message.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';

const MOST = 1_000;

/** Messages that keyword rules marked, oldest first. @throws AppError NOT_FOUND, FORBIDDEN (its visitor, too) */
export async function listMarks(ctx: Ctx, actor: Actor, id: string): Promise<Mark[]> {
  const { conversation } = await accessConversation(ctx, actor, id, 'read-marks');
  const rows = (await ctx.models.Message.collection
    .find(
      { conversation: conversation._id, marks: { $exists: true } },
      { projection: { seq: 1, marks: 1 }, limit: MOST },
    )
    .toArray()) as unknown as Required<Pick<Message, 'seq' | 'marks'>>[];
  return rows
    .sort((a, b) => a.seq - b.seq)
    .map(({ seq, marks }) => ({ conversationId: conversation._id.toHexString(), seq, rules: marks }));
}
