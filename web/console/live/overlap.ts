/** After a warm transfer both counselors are there for a while; the thread's own lines say who and until when. */
import type { ConversationView } from '../../../contract/client.js';
import { MINUTE } from '../ui/time.js';

export interface Overlap {
  /** Who gave the session and still may speak in it. */
  from: string;
  /** Epoch milliseconds. */
  until: number;
}

export function overlapOf(view: ConversationView | null, now: number): Overlap | null {
  if (view?.conversation?.status !== 'IN_PROGRESS' || view.gone) return null;
  const handed = view.messages.findLast(({ event }) => event === 'handed-over' || event === 'requeued');
  const [from, minutes] = [handed?.data?.['from'], handed?.data?.['overlap']];
  if (!handed || typeof from !== 'string' || typeof minutes !== 'number') return null;
  const until = handed.time + minutes * MINUTE;
  const left = view.messages.some(
    ({ seq, event, data }) => seq > handed.seq && event === 'left' && data?.['counselor'] === from,
  );
  return left || until <= now ? null : { from, until };
}
