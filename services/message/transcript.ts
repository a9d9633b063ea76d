import type { Listing } from '../../contract/common.js';
import type { Message } from '../../contract/message.js';
import { nextPage } from '../page.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { headSeq, readRange } from './history.js';
import { auditReading } from './reading.js';
import type { ReadingReason } from '../../contract/enums.js';

/**
 * The documented transcript (section 38c): oldest first, by pages. Reading another's is written to the audit log
 * before anything leaves (I15).
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function listTranscript(
  ctx: Ctx,
  actor: Actor,
  input: { conversationId: string; page: number; size: number; reason?: ReadingReason | undefined },
): Promise<Listing<Message>> {
  const { conversation, relation } = await accessConversation(ctx, actor, input.conversationId, 'read');
  await auditReading(ctx, actor, conversation, relation, input.reason);
  const count = await headSeq(ctx, conversation);
  const from = (input.page - 1) * input.size;
  return {
    rows: await readRange(ctx, conversation, from, from + input.size),
    count,
    next: nextPage(input, count),
  };
}
