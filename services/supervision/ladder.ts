/**
 * The supervisor ladder: one table of steps. OUT hears nothing, WATCH hears silently, CO_CHAT
 * speaks, OWNER has taken the session over. A whisper is no rung: it is said in the linked thread from any of them.
 */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';

export type Rung = 'OUT' | 'WATCH' | 'CO_CHAT' | 'OWNER';
export type Step = 'WATCH' | 'CO_CHAT' | 'TAKE_OVER' | 'STEP_OUT' | 'HAND_BACK';

const TABLE: Record<Step, Partial<Record<Rung, Rung>>> = {
  WATCH: { OUT: 'WATCH', CO_CHAT: 'WATCH' },
  CO_CHAT: { OUT: 'CO_CHAT', WATCH: 'CO_CHAT' },
  TAKE_OVER: { OUT: 'OWNER', WATCH: 'OWNER', CO_CHAT: 'OWNER' },
  STEP_OUT: { WATCH: 'OUT', CO_CHAT: 'OUT' },
  HAND_BACK: { OWNER: 'OUT' },
};

export function rungOf(session: Conversation, supervisor: Types.ObjectId): Rung {
  if (session.counselor?.equals(supervisor)) return 'OWNER';
  return session.watch?.find((entry) => entry.supervisor.equals(supervisor))?.mode ?? 'OUT';
}

/** Where a step leads, or null when it is none from there. */
export const stepFrom = (rung: Rung, step: Step): Rung | null => TABLE[step][rung] ?? null;
