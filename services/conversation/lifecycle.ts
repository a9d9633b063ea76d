/** The one table of status changes (design.md, "Conversation life"); every status write names a move of it. */
import { END_CAUSE_TABLE, type EndCause } from '../../contract/end-causes.js';
import type { ConversationStatus } from '../../contract/enums.js';

export type Move = 'assign' | 'requeue' | 'end' | 'expire' | 'time-out';

const TABLE: Record<Move, Partial<Record<ConversationStatus, ConversationStatus>>> = {
  assign: { WAITING: 'IN_PROGRESS' },
  /** Dropped counselor, cold transfer, offer not accepted: the same conversation, its seq goes on. */
  requeue: { IN_PROGRESS: 'WAITING' },
  end: { WAITING: 'CANCELLED', IN_PROGRESS: 'FINISHED' },
  expire: { WAITING: 'EXPIRED' },
  'time-out': { IN_PROGRESS: 'TIME_OUT' },
};

/** Statuses from which a move is legal. */
export function sourcesOf(move: Move): ConversationStatus[] {
  return Object.keys(TABLE[move]) as ConversationStatus[];
}

/** Where a move leads, or null when it is illegal from there. */
export function targetOf(move: Move, from: ConversationStatus): ConversationStatus | null {
  return TABLE[move][from] ?? null;
}

/** Which move an end cause is. */
export const moveOf = (cause: EndCause): Move => END_CAUSE_TABLE[cause].move;
