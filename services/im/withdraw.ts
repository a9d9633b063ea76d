import type { ImWithdrawal } from '../../contract/im.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { isOpen } from '../message/accept.js';
import { entomb } from '../message/recall.js';
import { mirroredMessage } from './echo.js';
import { conversationsBetween } from './people.js';
import { dead, DONE, type Outcome } from './outcome.js';

/**
 * Tencent took a message back, whoever asked for it: so do we, also later than our own two minutes, since nobody
 * there sees it any more. After the end nothing is numbered: the letter is kept.
 */
export async function afterWithdrawal(ctx: Ctx, input: ImWithdrawal): Promise<Outcome> {
  const found = await findMessages(ctx, input);
  if (!found) return dead('unknown-message');
  const { conversation, rows } = found;
  for (const row of rows) {
    if (row.recalled) continue;
    if (!isOpen(conversation)) return dead('ended');
    await entomb(ctx, conversation, row, { via: 'im' });
  }
  return DONE;
}

/** By the MsgKey under which it came, or, when it was ours, by its seq and random number. */
async function findMessages(
  ctx: Ctx,
  { From_Account: from, To_Account: to, MsgKey }: ImWithdrawal,
): Promise<{ conversation: Conversation; rows: Message[] } | null> {
  const sender = objectId(from);
  const [seq, random] = MsgKey.split('_').map(Number);
  for (const conversation of await conversationsBetween(ctx, from, to)) {
    const clientMsgId = { $gte: `im:${MsgKey}`, $lt: `im:${MsgKey};` };
    const rows = await ctx.models.Message.find({
      conversation: conversation._id,
      sender,
      clientMsgId,
    }).lean();
    // The elements of one Tencent message: the bare key, then key:1, key:2 …
    const own = rows.filter(({ clientMsgId: id }) => id === `im:${MsgKey}` || id.startsWith(`im:${MsgKey}:`));
    if (own.length > 0) return { conversation, rows: own };
    if (seq === undefined || random === undefined || !Number.isInteger(seq)) continue;
    const mirrored = await mirroredMessage(ctx, conversation, { seq, random });
    if (mirrored?.sender?.toHexString() === from) return { conversation, rows: [mirrored] };
  }
  return null;
}
