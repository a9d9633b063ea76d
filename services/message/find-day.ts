import type { FindDay, PlaceOfDay } from '../../contract/search.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { startOfDay } from '../roster/day.js';
import { headSeq } from './history.js';

/**
 * The first message of a day or after it. Numbers grow with time but for the 200 ms that nodes may be apart, so it
 * is found by halving, and nothing that was said is opened.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function findDay(ctx: Ctx, actor: Actor, input: FindDay): Promise<PlaceOfDay> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'read');
  const begins = startOfDay(input.day);
  const timeOf = async (seq: number) => {
    const row = await ctx.models.Message.findOne({ conversation: conversation._id, seq }, { at: 1 }).lean();
    return row?.at.getTime() ?? null;
  };
  let low = 1;
  let high = (await headSeq(ctx, conversation)) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const time = await timeOf(middle);
    if (time !== null && time < begins) low = middle + 1;
    else high = middle;
  }
  const time = await timeOf(low);
  return { seq: time === null ? null : low, time };
}
