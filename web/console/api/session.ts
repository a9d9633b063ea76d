/** Log-in, log-out, and the answer to "am I still signed in?". */
import { md5 } from 'js-md5';
import type { Me } from '../../../contract/user.js';
import { useSession, type SignedOutReason } from '../state/session.js';
import { forgetDrafts } from '../state/drafts.js';
import { forgetPending } from '../live/pending.js';
import { ApiError, exchange, onForbidden } from './http.js';
import { queryClient } from './query-client.js';

/** Null when nobody is signed in; throws when the server can't be reached or is in trouble. */
async function fetchMe(): Promise<Me | null> {
  const { status, ok, envelope } = await exchange('GET', '/auth/me');
  if (status === 401 || status === 403) return null;
  if (!ok || envelope.code !== 0) throw new ApiError('server', status, null, envelope.message ?? '');
  return envelope.result as Me;
}

function enter(me: Me) {
  useSession
    .getState()
    .set(me.type === 'VISITOR' ? { phase: 'out', reason: 'visitor' } : { phase: 'in', me });
}

/** The server closes our socket before it answers the log-out: that is our own doing, not a reason to explain. */
let loggingOut = false;

/** Leaves at once on this side; whatever was cached of the other person's work goes with it. */
export function leave(reason: SignedOutReason) {
  if (useSession.getState().session.phase === 'out') return;
  queryClient.clear();
  useSession.getState().set({ phase: 'out', reason: loggingOut ? 'logged-out' : reason });
}

export async function checkSession() {
  useSession.getState().set({ phase: 'checking' });
  try {
    const me = await fetchMe();
    if (me === null) useSession.getState().set({ phase: 'out', reason: 'none' });
    else enter(me);
  } catch {
    useSession.getState().set({ phase: 'unreachable' });
  }
}

export async function logIn(username: string, password: string) {
  const { status, ok, envelope } = await exchange('POST', '/auth/login', {
    body: { username, password: md5(password) },
  });
  if (status === 429) throw new ApiError('limited', status, envelope.code ?? null, envelope.message ?? '');
  if (!ok || envelope.code !== 0) {
    throw new ApiError(
      status >= 500 ? 'server' : 'refused',
      status,
      envelope.code ?? null,
      envelope.message ?? '',
    );
  }
  const me = await fetchMe();
  // A browser that keeps no cookie would otherwise look like a wrong password.
  if (me === null) throw new ApiError('signed-out', 403, null, '');
  enter(me);
}

/** The documented answer is HTTP 403 whether or not there was a session: only the network can fail. */
export async function logOut() {
  loggingOut = true;
  try {
    await exchange('POST', '/logout');
    forgetDrafts();
    forgetPending();
    leave('logged-out');
  } finally {
    loggingOut = false;
  }
}

let checking: Promise<boolean> | null = null;

onForbidden(() => {
  // Ten calls refused together ask once.
  checking ??= fetchMe()
    .then((me) => {
      if (me === null) leave('expired');
      return me === null;
    })
    .catch(() => false)
    .finally(() => {
      checking = null;
    });
  return checking;
});
