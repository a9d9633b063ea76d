/** A cold transfer: back to the common queue, in front, with a note for whoever takes it next. */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { GiveBack } from '../../contract/transfer.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { changed, NEVER_NOBODYS } from './hand-over.js';
import { postNote } from './note.js';
import { requeueConversation } from './requeue.js';
import { textOf } from './transfer-note.js';

/**
 * The former owner comes last among those who may take it again. Its visitor is told by a numbered line.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running; high risk), CONFLICT
 */
export async function giveBack(ctx: Ctx, actor: Actor, input: GiveBack): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'hand-over');
  const row = (await ctx.conversations.reload(input.id)) ?? conversation;
  if (row.type !== 'COUNSELING_SESSION' || row.status !== 'IN_PROGRESS' || !row.counselor)
    throw new AppError('RULE_REFUSED', { message: '只有进行中的会话可以转接。' });
  if (row.risk === 'high') throw new AppError('RULE_REFUSED', { message: NEVER_NOBODYS });
  // The note first: it stands whatever happens to us afterwards.
  if (input.note)
    await postNote(ctx, row, row.counselor, `give-back:${String(row.attempt)}`, textOf(input.note));
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: 'conversation.give-back',
    subject: `conversation:${input.id}`,
  });
  if (!(await requeueConversation(ctx, row._id, row.counselor, 'TRANSFERRED'))) throw changed();
  await ctx.admissions.admit(row.institution);
  return presentConversation(ctx, (await ctx.conversations.reload(input.id)) ?? row);
}
