/** Who is signed in, and why nobody is. */
import { create } from 'zustand';
import type { Me } from '../../../contract/user.js';

/** Words of our own beside the reasons that `session:closed` gives. */
export type SignedOutReason = 'none' | 'logged-out' | 'expired' | (string & {});

export type SessionState =
  | { phase: 'checking' }
  | { phase: 'unreachable' }
  | { phase: 'out'; reason: SignedOutReason }
  | { phase: 'in'; me: Me };

interface SessionStore {
  session: SessionState;
  set: (session: SessionState) => void;
}

export const useSession = create<SessionStore>()((set) => ({
  session: { phase: 'checking' },
  set: (session) => set({ session }),
}));

/** For components that exist only behind the log-in. */
export function useMe(): Me {
  const session = useSession((store) => store.session);
  if (session.phase !== 'in') throw new Error('useMe outside of a session');
  return session.me;
}

export const isAdmin = (me: Me) =>
  me.type === 'INSTITUTION_ADMINISTRATOR' || me.type === 'SYSTEM_ADMINISTRATOR';
export const isSupervisor = (me: Me) => me.type === 'SUPERVISOR';
export const isCounselor = (me: Me) => me.type === 'COUNSELOR';
/** Who may write the roster (document sections 22–25). */
export const mayPlan = (me: Me) => isAdmin(me) || me.type === 'SUPERVISOR';
