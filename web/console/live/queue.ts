/** Who is waiting. The socket tells it; while that is away the same snapshot is asked for over HTTP. */
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { QueueSnapshot } from '../../../contract/conversation.js';
import { get } from '../api/http.js';
import { useClient, useLive } from './context.js';

/** Asks for the queue once the line stands; the client renews it after each reconnect by itself. */
export function useQueueWatch() {
  const client = useClient();
  const connected = useLive((state) => state.connection === 'connected');
  const known = useLive((state) => state.queue !== null);
  useEffect(() => {
    if (connected && !known) client.watchQueue().catch(() => undefined);
  }, [client, connected, known]);
}

export function useQueue() {
  const told = useLive((state) => state.queue);
  const connected = useLive((state) => state.connection === 'connected');
  const query = useQuery({
    queryKey: ['queue'],
    queryFn: ({ signal }) => get<QueueSnapshot>('/api/v1/queue', undefined, signal),
    enabled: told === null || !connected,
    refetchInterval: connected ? false : 10_000,
  });
  // What is told is the newest while the line stands, and the oldest while it does not.
  const queue = connected ? (told ?? query.data) : (query.data ?? told);
  return { queue, error: queue ? null : query.error, retry: () => void query.refetch() };
}
