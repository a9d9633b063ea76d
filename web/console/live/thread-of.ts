/** The open thread between a session's counselor and the supervisors; null while there is none. */
import type { Conversation } from '../../../contract/conversation.js';
import { isOpen } from './inbox.js';
import { useLive } from './context.js';

export function useThreadOf(session: string): Conversation | null {
  return useLive(
    (state) =>
      Object.values(state.conversations).find(
        ({ conversation }) => conversation?.session === session && isOpen(conversation),
      )?.conversation ?? null,
  );
}
