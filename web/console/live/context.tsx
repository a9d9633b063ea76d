/** One live client per signed-in person, and the hooks that read it. */
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { ClientState, ConversationView, HotlineClient } from '../../../contract/client.js';
import { createFileLoader, FilesContext } from '../../shared/files.js';
import { useStore } from '../../shared/store.js';
import { leave } from '../api/session.js';
import { ownDrafts } from '../state/drafts.js';
import { useMe } from '../state/session.js';
import { useClockOffset } from '../ui/now.js';
import { createConsoleClient } from './client.js';

const LiveContext = createContext<HotlineClient | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const me = useMe();
  const [client] = useState(() => {
    ownDrafts(me.id);
    return createConsoleClient(me.id);
  });

  const [loadFile] = useState(() => createFileLoader());

  useEffect(() => {
    client.start();
    const wake = () => {
      if (document.visibilityState === 'visible') client.wake();
    };
    const unsubscribe = client.subscribe(() => {
      const { closed, clockOffset } = client.getState();
      if (closed !== null) leave(closed === 'UNAUTHENTICATED' ? 'expired' : closed);
      if (clockOffset !== useClockOffset.getState().offset) useClockOffset.setState({ offset: clockOffset });
    });
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    return () => {
      unsubscribe();
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      client.stop();
    };
  }, [client]);

  return (
    <FilesContext value={loadFile}>
      <LiveContext value={client}>{children}</LiveContext>
    </FilesContext>
  );
}

export function useClient(): HotlineClient {
  const client = useContext(LiveContext);
  if (!client) throw new Error('useClient outside of LiveProvider');
  return client;
}

/** A part of the live state. The selector must return something that stands in the state, never a new object. */
export function useLive<T>(select: (state: ClientState) => T): T {
  const client = useClient();
  return useStore(client, select);
}

export function useConversation(id: string | null): ConversationView | null {
  return useLive((state) => (id === null ? null : (state.conversations[id] ?? null)));
}
