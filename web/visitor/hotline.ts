/** The visitor's one connection to the house: who we are, what is set up, which conversation is open. */
import { createHotlineClient, HotlineError } from '../../contract/client.js';
import type { ClientState, ConversationView, Http } from '../../contract/client.js';
import { createStore } from '../../contract/client/store.js';
import type { PublicConfig } from '../../contract/config.js';
import type { Conversation } from '../../contract/conversation.js';
import type { Me } from '../../contract/user.js';
import { createApi, createFetchHttp, isSignedOut } from '../shared/http.js';
import { createFileLoader } from '../shared/files.js';
import { connectSocket } from '../shared/socket.js';
import { startTim } from '../shared/tim/start.js';
import { createUpload } from '../shared/upload.js';
import { deviceId, newId, pendingStore } from './device.js';

export interface Session {
  phase: 'starting' | 'ready' | 'unreachable' | 'refused';
  config: PublicConfig | null;
  me: Me | null;
  /** Why we were refused, in the server's words. */
  reason: string;
}

export const session = createStore<Session>({ phase: 'starting', config: null, me: null, reason: '' });
const patch = (change: Partial<Session>) => {
  session.set({ ...session.getState(), ...change });
};

/** `?i=` of the link chooses the institution. */
const institution = new URLSearchParams(location.search).get('i') ?? undefined;

/** In memory only: a reload gets a new one for the same device, and a counselor's cookie is left alone. */
let token: string | undefined;
let signingIn: Promise<void> | undefined;
let signedInAt = 0;

const rawHttp = createFetchHttp({ token: () => token });
const rawApi = createApi(rawHttp);

async function guest(name?: string) {
  const answer = await rawApi.post<{ token: string; me: Me }>('/api/v1/guest', {
    device: deviceId(),
    ...(institution === undefined ? {} : { institution }),
    ...(name === undefined ? {} : { name }),
  });
  token = answer.token;
  signedInAt = Date.now();
  patch({ me: answer.me });
}

export function signIn(name?: string): Promise<void> {
  signingIn ??= guest(name).finally(() => {
    signingIn = undefined;
  });
  return signingIn;
}

/** A session that ran out is renewed quietly, once; a ban answers in the same way and is not. */
const http: Http = async (method, path, body, options) => {
  const answer = await rawHttp(method, path, body, options);
  if (!isSignedOut(answer) || Date.now() - signedInAt < 30_000) {
    return answer;
  }
  await signIn();
  return rawHttp(method, path, body, options);
};

export const api = createApi(http);

export const client = createHotlineClient({
  http,
  connect: () =>
    connectSocket((give) => {
      give(token === undefined ? {} : { token });
    }),
  newId,
  upload: createUpload(() => token),
  store: pendingStore,
});

export const loadFile = createFileLoader(() => token);

const isOpen = (row: ConversationView) =>
  row.conversation?.status === 'WAITING' || row.conversation?.status === 'IN_PROGRESS';

/** A visitor has at most one. */
export const openConversation = (state: ClientState): ConversationView | undefined =>
  Object.values(state.conversations).find(isOpen);

/** Own conversations, newest first. */
export const ownConversations = () => api.get<Conversation[]>('/conversation/current');

export async function begin(): Promise<void> {
  try {
    const query = institution === undefined ? '' : `?institution=${encodeURIComponent(institution)}`;
    const [config] = await Promise.all([api.get<PublicConfig>(`/config${query}`), signIn()]);
    for (const conversation of await ownConversations()) {
      client.adopt(conversation);
    }
    const open = openConversation(client.getState());
    if (open !== undefined) {
      client.load(open.id).catch(() => undefined);
    }
    client.start();
    patch({ phase: 'ready', config });
    listenAtTencent(config.im);
  } catch (error) {
    const definite =
      error instanceof HotlineError && ['BANNED', 'FORBIDDEN', 'UNAUTHENTICATED'].includes(error.code);
    if (definite) {
      patch({ phase: 'refused', reason: error.message });
      return;
    }
    patch({ phase: 'unreachable' });
    setTimeout(() => void begin(), 4000);
  }
}

let stopTim: () => void = () => undefined;

function listenAtTencent(im: PublicConfig['im']) {
  const { me } = session.getState();
  stopTim();
  if (me !== null) {
    stopTim = startTim({ im, userId: me.id, sign: () => api.post<string>('/im/sign'), client });
  }
}

/** The server closed our session: try to come back as the same device, unless it says no. */
client.subscribe(() => {
  const { closed } = client.getState();
  if (closed === null || session.getState().phase !== 'ready') {
    return;
  }
  if (Date.now() - signedInAt < 30_000) {
    patch({ phase: 'refused', reason: closed });
    return;
  }
  patch({ phase: 'starting' });
  void begin();
});

export async function openWith(counselor?: string): Promise<Conversation> {
  const conversation = await client.open(counselor);
  client.load(conversation.id).catch(() => undefined);
  return conversation;
}

/** Ends without waiting for anything: the browser carries it out while the page is going away. */
export function endInPassing() {
  const open = openConversation(client.getState());
  if (open !== undefined && token !== undefined) {
    void fetch(`/conversation/end/${open.id}`, {
      method: 'POST',
      keepalive: true,
      credentials: 'omit',
      headers: { authorization: `Bearer ${token}` },
    }).catch(() => undefined);
  }
}
