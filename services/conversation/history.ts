import type { Types } from 'mongoose';
import type { ConversationEvent } from '../../contract/enums.js';
import type { Chapter } from '../../models/conversation.js';

/**
 * What a change of a conversation pushes onto its history, in the same update as the change, together with
 * `untold: true`: no crash can lie between what happened and the row that tells of it (services/notice/relay.ts).
 * @param counselor who has it from now on; null = the queue, or nobody any more
 * @param at epoch ms
 * @param line what the numbered line of the change says besides the owner
 */
export function chapter(
  event: ConversationEvent,
  counselor: Types.ObjectId | null,
  at: number,
  line?: Chapter['line'],
): Chapter {
  return { event, counselor, at: new Date(at), ...(line ? { line } : {}) };
}
