/** The visitor's one connection to the house: who we are, what is set up, which conversation is open. */
import { createHotlineClient, HotlineError } from '../../contract/client.js';
import type { ClientState, ConversationView, Http } from '../../contract/client.js';
import { createStore } from '../../contract/client/store.js';
import type { PublicConfig } from '../../contract/config.js';
import type { Conversation } from '../../contract/conversation.js';
import type { Me } from '../../contract/user.js';
import { connect } from './connect.js';
import { newId } from './device.js';
import { createApi, createRequest, headerOf, isSignedOut } from './request.js';
import { settings } from './settings.js';
import { startTim } from './tim.js';
import { createFileLoader, createUpload } from './upload.js';

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

const AGAIN_MS = 4000;
/** A session that ends sooner than this after its log-in was ended on purpose. */
const FRESH_MS = 30_000;

/** In memory only: WeChat knows who it is at the next start. */
let token: string | undefined;
let signingIn: Promise<void> | undefined;
let signedInAt = 0;
const currentToken = () => token;

const request = createRequest(currentToken);

const codeOfWeChat = () =>
  new Promise<string>((resolve, reject) => {
    wx.login({
      success: ({ code }) => {
        resolve(code);
      },
      fail: ({ errMsg }) => {
        reject(new Error(errMsg));
      },
    });
  });

/** A code works once: whatever goes wrong, the next try asks for another. */
async function logIn() {
  const code = await codeOfWeChat();
  token = undefined;
  const answer = await request('POST', `/auth/wx/${settings.appid}/login`, { code });
  await resultOrRefusal(answer);
  token = headerOf(answer.header, 'authorization')?.replace(/^Bearer /, '');
  signedInAt = Date.now();
  patch({ me: await createApi(request).get<Me>('/auth/me') });
}

/** @throws HotlineError when the log-in was refused */
const resultOrRefusal = (answer: { status: number; body: unknown }) =>
  createApi(() => Promise.resolve(answer)).post<'ok'>('');

export function signIn(): Promise<void> {
  signingIn ??= logIn().finally(() => {
    signingIn = undefined;
  });
  return signingIn;
}

/** A session that ran out is renewed quietly, once; a ban answers in the same way and is not. */
const http: Http = async (method, path, body, options) => {
  const answer = await request(method, path, body, options);
  if (!isSignedOut(answer) || Date.now() - signedInAt < FRESH_MS) {
    return answer;
  }
  await signIn();
  return request(method, path, body, options);
};

export const api = createApi(http);
export const files = createFileLoader(currentToken);

export const client = createHotlineClient({
  http,
  connect: () => connect(() => (token === undefined ? {} : { token })),
  upload: createUpload(currentToken),
  newId,
});

const isOpen = (row: ConversationView) =>
  row.conversation?.status === 'WAITING' || row.conversation?.status === 'IN_PROGRESS';

/** A visitor has at most one. */
export const openConversation = (state: ClientState): ConversationView | undefined =>
  Object.values(state.conversations).find(isOpen);

/** Own conversations, newest first. */
export const ownConversations = () => api.get<Conversation[]>('/conversation/current');

const FINAL = ['BANNED', 'FORBIDDEN', 'UNAUTHENTICATED', 'BAD_CREDENTIALS', 'RULE_REFUSED', 'BAD_INPUT'];
let again: ReturnType<typeof setTimeout> | undefined;

export async function begin(): Promise<void> {
  if (again !== undefined) {
    clearTimeout(again);
    again = undefined;
  }
  try {
    await signIn();
    const config = await api.get<PublicConfig>('/config');
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
    if (error instanceof HotlineError && FINAL.includes(error.code)) {
      patch({ phase: 'refused', reason: error.message });
      return;
    }
    patch({ phase: 'unreachable' });
    again = setTimeout(() => void begin(), AGAIN_MS);
  }
}

/** Not waiting for the next try: the person is back, or the network is. */
export function hurry() {
  if (session.getState().phase === 'unreachable') {
    void begin();
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

/** The server closed our session: try to come back as the same person, unless it says no. */
client.subscribe(() => {
  const { closed } = client.getState();
  if (closed === null || session.getState().phase !== 'ready') {
    return;
  }
  if (Date.now() - signedInAt < FRESH_MS) {
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

/** Ends without waiting for anything: what was asked goes out although the mini-program goes away. */
export function endInPassing() {
  const open = openConversation(client.getState());
  if (open !== undefined) {
    request('POST', `/conversation/end/${open.id}`).catch(() => undefined);
  }
}
