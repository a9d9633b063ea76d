/**
 * The counselor's inbox around the live client: which conversations are mine, how much of them is unread, and
 * when to make a sound. Unread counts come from the server on each connect and are counted on from there.
 */
import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { HotlineClient } from '../../../contract/client.js';
import type { Conversation, ConversationPreview } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';
import type { Me } from '../../../contract/user.js';
import { get, getPage } from '../api/http.js';
import { isCounselor, useMe } from '../state/session.js';
import { setUnread } from '../ui/badge.js';
import { alertWith } from '../ui/alert.js';
import { useClient, useLive } from './context.js';
import { joinPreviews, nothingYet, type Meanwhile, type Rows } from './previews.js';

/** The last words are those that previews and pushes told; a loaded thread may know newer ones. */
interface InboxStore extends Rows {
  phase: 'loading' | 'ready' | 'failed';
  error: unknown;
  /** The conversation that is open in front of somebody, so that its messages make no sound. */
  watched: string | null;
}

const EMPTY: InboxStore = { phase: 'loading', error: null, unread: {}, last: {}, watched: null };
export const useInbox = create<InboxStore>()(() => EMPTY);

export const isOpen = ({ status }: Conversation) => status === 'WAITING' || status === 'IN_PROGRESS';

/** A session that this counselor holds. */
export const isMine = (conversation: Conversation, me: Me) =>
  conversation.conversationType === 'COUNSELING_SESSION' &&
  conversation.status === 'IN_PROGRESS' &&
  conversation.counselor?.id === me.id;

/** The talk with supervisors about one of these sessions. */
const isThread = (conversation: Conversation, me: Me) =>
  conversation.conversationType === 'REQUEST_SUPERVISE' && conversation.counselor?.id === me.id;

/** One for each answer that is on its way. */
const asked = new Set<Meanwhile>();

async function refresh(client: HotlineClient) {
  const meanwhile = nothingYet();
  asked.add(meanwhile);
  try {
    const [open, previews] = await Promise.all([
      getPage<Conversation>('/conversation/consultlist', { status: 'OPEN', size: 200 }),
      get<ConversationPreview[]>('/api/v1/previews'),
    ]);
    open.rows.forEach(client.adopt);
    const shown = useInbox.getState();
    const rows = joinPreviews(previews, shown, meanwhile);
    // What somebody is looking at is counted here: its read mark may still be on the way to the server.
    if (shown.watched !== null && !document.hidden && rows.unread[shown.watched] !== undefined)
      rows.unread[shown.watched] = shown.unread[shown.watched] ?? 0;
    useInbox.setState({ phase: 'ready', error: null, ...rows });
  } catch (error) {
    // What was there stays; only a console that never had anything says so.
    if (useInbox.getState().phase !== 'ready') useInbox.setState({ phase: 'failed', error });
  } finally {
    asked.delete(meanwhile);
  }
}

/** Tells the server how far was read, and clears the count. */
export function markRead(client: HotlineClient, conversationId: string, seq: number) {
  client.markRead(conversationId, seq);
  for (const { read } of asked) read.set(conversationId, Math.max(read.get(conversationId) ?? 0, seq));
  const { unread } = useInbox.getState();
  if ((unread[conversationId] ?? 0) > 0) {
    useInbox.setState({ unread: { ...unread, [conversationId]: 0 } });
  }
}

function watch(client: HotlineClient, me: Me) {
  const held = new Set<string>();
  for (const { conversation } of Object.values(client.getState().conversations)) {
    if (conversation && isMine(conversation, me)) held.add(conversation.id);
  }
  let again: ReturnType<typeof setTimeout> | undefined;
  const refreshSoon = () => {
    clearTimeout(again);
    again = setTimeout(() => void refresh(client), 300);
  };

  function onConversation(conversation: Conversation) {
    if (!isMine(conversation, me)) {
      held.delete(conversation.id);
      return;
    }
    if (held.has(conversation.id)) return;
    held.add(conversation.id);
    alertWith('assigned');
    // What the visitor wrote while waiting was told to nobody here.
    refreshSoon();
  }

  function onMessage(message: Message) {
    if (message.kind === 'system') return;
    useInbox.setState(({ last }) => ({ last: { ...last, [message.conversationId]: message } }));
    if (message.sender.id === me.id) return;
    const { conversation } = client.getState().conversations[message.conversationId] ?? {};
    // A thread that is new to this page comes by its first whisper or note.
    const ofStaff = message.kind === 'whisper' || message.kind === 'note';
    if (!ofStaff && !(conversation && (isMine(conversation, me) || isThread(conversation, me)))) return;
    for (const { counted } of asked) counted.push(message);
    const { unread, watched } = useInbox.getState();
    useInbox.setState({
      unread: { ...unread, [message.conversationId]: (unread[message.conversationId] ?? 0) + 1 },
    });
    if (watched !== message.conversationId || document.hidden) alertWith('message');
  }

  const offPush = client.onPush((event, payload) => {
    if (event === 'conversation:updated') onConversation(payload as Conversation);
    else if (event === 'message:created') onMessage(payload as Message);
  });

  // Messages that came by catching up were not pushed, so they were not counted: ask the server again.
  const catching = new Set<string>();
  const offState = client.subscribe(() => {
    for (const view of Object.values(client.getState().conversations)) {
      if (view.catchingUp) catching.add(view.id);
      else if (catching.delete(view.id)) refreshSoon();
      if (view.conversation && isMine(view.conversation, me)) {
        if (!held.has(view.id) && useInbox.getState().phase !== 'ready') held.add(view.id);
      }
    }
  });
  return () => {
    clearTimeout(again);
    offPush();
    offState();
  };
}

/** Mounted once, in the shell. */
export function useInboxRunner() {
  const me = useMe();
  const client = useClient();
  const connection = useLive((state) => state.connection);
  useEffect(() => {
    useInbox.setState(EMPTY);
    if (!isCounselor(me)) return undefined;
    void refresh(client);
    return watch(client, me);
  }, [client, me]);
  useEffect(() => {
    if (isCounselor(me) && (connection === 'connected' || connection === 'http')) void refresh(client);
  }, [client, me, connection]);
  const total = useInbox((state) => state.unread);
  const mine = useMine();
  useEffect(() => {
    setUnread(mine.reduce((sum, { id }) => sum + (total[id] ?? 0), 0));
  }, [mine, total]);
  useEffect(
    () => () => {
      setUnread(0);
    },
    [],
  );
}

export function useRefreshInbox() {
  const client = useClient();
  return () => {
    useInbox.setState({ phase: 'loading' });
    void refresh(client);
  };
}

/** My running conversations, in no particular order. */
export function useMine(): Conversation[] {
  const me = useMe();
  const views = useLive((state) => state.conversations);
  return useMemo(
    () =>
      Object.values(views).flatMap(({ conversation, gone }) =>
        conversation && !gone && isMine(conversation, me) ? [conversation] : [],
      ),
    [views, me],
  );
}
