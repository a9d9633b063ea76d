/**
 * A visitor's one connection to the house, on a page or in the mini-program: who we are, what is set up, which
 * conversation is open. Transport and log-in are handed in; a session that ran out is renewed quietly.
 */
import type { HotlineClient } from '../client.js';
import type { PublicConfig } from '../config.js';
import type { Conversation } from '../conversation.js';
import type { Me } from '../user.js';
import { createApi, isSignedOut, type Api } from './api.js';
import { HotlineError } from './error.js';
import { createStore } from './store.js';
import type { ClientState, ConversationView, Http } from './types.js';

export interface Session {
  phase: 'starting' | 'ready' | 'unreachable' | 'refused';
  config: PublicConfig | null;
  me: Me | null;
  /** Why we were refused, in the server's words. */
  reason: string;
}

export interface VisitOptions {
  /** Carries the token that `logIn` keeps. */
  http: Http;
  /** @param name what the visitor wants to be called. @throws HotlineError when the log-in is refused */
  logIn: (name?: string) => Promise<Me>;
  /** Logs in and reads the settings, in the order that the house needs them. */
  enter: (signIn: () => Promise<void>, api: Api) => Promise<PublicConfig>;
  client: (http: Http) => HotlineClient;
  /** Somebody who was never here has no conversation to go on with, and need not wait for that answer. */
  isNew?: () => boolean;
  /** @returns stops it */
  startTim: (options: {
    im: PublicConfig['im'];
    userId: string;
    sign: () => Promise<string>;
    client: HotlineClient;
  }) => () => void;
}

/** After these words asking again is of no use. */
const FINAL = ['BANNED', 'FORBIDDEN', 'UNAUTHENTICATED', 'BAD_CREDENTIALS', 'RULE_REFUSED', 'BAD_INPUT'];
const AGAIN_MS = 4_000;
/** A session that ends sooner than this after its log-in was ended on purpose. */
const FRESH_MS = 30_000;

const isOpen = (row: ConversationView) =>
  row.conversation?.status === 'WAITING' || row.conversation?.status === 'IN_PROGRESS';

/** A visitor has at most one. */
export const openConversation = (state: ClientState): ConversationView | undefined =>
  Object.values(state.conversations).find(isOpen);

export function createVisit(options: VisitOptions) {
  const session = createStore<Session>({ phase: 'starting', config: null, me: null, reason: '' });
  const patch = (change: Partial<Session>) => {
    session.set({ ...session.getState(), ...change });
  };
  let signingIn: Promise<void> | undefined;
  let signedInAt = 0;
  let entered = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let stopTim: () => void = () => undefined;
  const isFresh = () => Date.now() - signedInAt < FRESH_MS;

  async function logIn(name?: string) {
    const me = await options.logIn(name);
    signedInAt = Date.now();
    patch({ me });
  }

  function signIn(name?: string): Promise<void> {
    signingIn ??= logIn(name).finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }

  /** A session that ran out is renewed quietly, once; a ban answers in the same way and is not. */
  const http: Http = async (method, path, body, callOptions) => {
    const answer = await options.http(method, path, body, callOptions);
    if (!isSignedOut(answer) || isFresh()) {
      return answer;
    }
    await signIn();
    return options.http(method, path, body, callOptions);
  };
  const api = createApi(http);
  const client = options.client(http);

  /** Own conversations, newest first. */
  const ownConversations = () => api.get<Conversation[]>('/conversation/current');

  async function begin(): Promise<void> {
    if (again !== undefined) {
      clearTimeout(again);
    }
    try {
      const config = await options.enter(signIn, api);
      const nothingYet = !entered && options.isNew?.() === true;
      for (const conversation of nothingYet ? [] : await ownConversations()) {
        client.adopt(conversation);
      }
      const open = openConversation(client.getState());
      if (open !== undefined) {
        client.load(open.id).catch(() => undefined);
      }
      client.start();
      entered = true;
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

  function listenAtTencent(im: PublicConfig['im']) {
    const { me } = session.getState();
    stopTim();
    if (me !== null) {
      stopTim = options.startTim({ im, userId: me.id, sign: () => api.post<string>('/im/sign'), client });
    }
  }

  /** The server closed our session: try to come back as the same person, unless it says no. */
  client.subscribe(() => {
    const { closed } = client.getState();
    if (closed === null || session.getState().phase !== 'ready') {
      return;
    }
    if (isFresh()) {
      patch({ phase: 'refused', reason: closed });
      return;
    }
    patch({ phase: 'starting' });
    void begin();
  });

  return {
    session,
    api,
    client,
    signIn,
    begin,
    ownConversations,
    /** Not waiting for the next try: the person is back, or the network is. */
    hurry() {
      if (session.getState().phase === 'unreachable') {
        void begin();
      }
    },
    /** Opens a conversation, with a counselor of one's choice or the first who is free. */
    async openWith(counselor?: string): Promise<Conversation> {
      const conversation = await client.open(counselor);
      client.load(conversation.id).catch(() => undefined);
      return conversation;
    },
  };
}
