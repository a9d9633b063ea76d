/**
 * How a message of ours is known again on Tencent's side without a table: its MsgSeq is our seq, its MsgRandom comes
 * from our id. A repeated sendmsg within two minutes is then one message there, and an echo is recognised here.
 */
import { createHash } from 'node:crypto';
import type { Types } from 'mongoose';
import type { Message } from '../../models/message.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';

/** 31 bits, so that no reader takes it for a negative number. */
export function randomOf(id: Types.ObjectId): number {
  return createHash('sha256').update(id.id).digest().readUInt32BE(0) >>> 1;
}

/** The message of ours that Tencent holds under this number, or null when it is not one that we sent there. */
export async function mirroredMessage(
  ctx: Ctx,
  conversation: Conversation,
  sent: { seq: number; random: number },
): Promise<Message | null> {
  const row = await ctx.models.Message.findOne({ conversation: conversation._id, seq: sent.seq }).lean();
  return row && !row.clientMsgId.startsWith('im:') && randomOf(row._id) === sent.random ? row : null;
}
