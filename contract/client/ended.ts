/** How a visitor's client says that a conversation is over: the same sentences on every screen. */
import type { Conversation } from '../conversation.js';

/** Keys of a client's catalogue, in the order of their lines. */
export type EndedWord =
  'endedByCounselor' | 'endedBySilence' | 'endedByTime' | 'endedCalm' | 'endedLeft' | 'endedOther';

export function endedWords({ endCause }: Pick<Conversation, 'endCause'>): EndedWord[] {
  switch (endCause) {
    case 'VISITOR_ENDED':
      return ['endedCalm'];
    case 'COUNSELOR_ENDED':
      return ['endedByCounselor', 'endedCalm'];
    case 'TIME_LIMIT':
      return ['endedByTime', 'endedCalm'];
    case 'SILENCE':
      return ['endedBySilence'];
    case 'VISITOR_LEFT_QUEUE':
      return ['endedLeft'];
    default:
      return ['endedOther'];
  }
}
