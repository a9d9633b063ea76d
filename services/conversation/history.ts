import type { Types } from 'mongoose';
import type { ConversationEvent } from '../../contract/enums.js';
import type { Chapter } from '../../models/conversation.js';

/**
 * What a change of a conversation pushes onto its history, in the same update as the change, together with
 * `untold: true`: no crash can lie between what happened and the row that tells of it (services/notice/relay.ts).
 * @param counselor who has it from now on; null = the queue, or nobody any more
 * @param at epoch ms
 */
export function chapter(event: ConversationEvent, counselor: Types.ObjectId | null, at: number): Chapter {
  return { event, counselor, at: new Date(at) };
}
