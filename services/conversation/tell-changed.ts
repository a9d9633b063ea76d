/** A change of owner is told: to who hears the session, to its thread, and by a line that takes a number. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { postSystem } from '../message/system.js';
import { followSession } from '../supervision/follow.js';
import { publishConversation } from './publish.js';

/**
 * Safe to repeat.
 * @param row as the change left it: its last chapter is what is told
 * @param former who had it before
 */
export async function tellChanged(ctx: Ctx, row: Conversation, former: Types.ObjectId | null): Promise<void> {
  await publishConversation(ctx, row, former?.toHexString() ?? null);
  await followSession(ctx, row);
  await postLine(ctx, row);
}

/** What the last chapter has the transcript say. Its id is the chapter's place: told twice it stands once. */
async function postLine(ctx: Ctx, row: Conversation): Promise<void> {
  const chapters = row.history ?? [];
  const last = chapters.at(-1);
  if (last?.event !== 'handed-over' && last?.event !== 'requeued') return;
  const owner = { counselor: row.counselor?.toHexString() ?? null, name: row.counselorName };
  await postSystem(ctx, row, `sys:chapter:${String(chapters.length)}`, {
    event: last.event,
    data: { ...last.line, ...(last.event === 'handed-over' ? owner : {}) },
  });
}

/** Whether the line of the last chapter is missing: its node died before it was written. */
export async function lacksLine(ctx: Pick<Ctx, 'models'>, row: Conversation): Promise<boolean> {
  const chapters = row.history ?? [];
  const last = chapters.at(-1)?.event;
  if (last !== 'handed-over' && last !== 'requeued') return false;
  const told = await ctx.models.Message.countDocuments({ conversation: row._id, event: last });
  return told < chapters.filter(({ event }) => event === last).length;
}

/** Of a session that waited and goes on: the line that it came back is written before the next one. */
export async function completeLine(ctx: Ctx, row: Conversation): Promise<void> {
  if (await lacksLine(ctx, row)) await postLine(ctx, row);
}
