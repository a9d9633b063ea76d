/** The one table of status changes (design.md, "Conversation life"); every status write names a move of it. */
import type { ConversationStatus, EndCause } from '../../contract/enums.js';

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
export function moveOf(cause: EndCause): Move {
  switch (cause) {
    case 'TIME_LIMIT':
    case 'SILENCE':
      return 'time-out';
    case 'NOBODY_FREE':
      return 'expire';
    case 'VISITOR_ENDED':
    case 'COUNSELOR_ENDED':
    case 'ADMIN_ENDED':
    case 'SUPERVISOR_ENDED':
    case 'VISITOR_LEFT_QUEUE':
    case 'VISITOR_BANNED':
    case 'SESSION_ENDED':
      return 'end';
  }
}
