/** The development outbox: demo and development mode only, for the system administrator. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/http.js';
import { useMe } from '../state/session.js';

export interface OutboxEntry {
  to: string;
  channel: 'mail' | 'sms';
  purpose: string | null;
  code?: string;
  text: string;
  time: number;
}

/** Also how the rail knows whether there is one: production answers 404. */
export function useOutbox() {
  const me = useMe();
  return useQuery({
    queryKey: ['outbox'],
    queryFn: ({ signal }) => get<OutboxEntry[]>('/api/v1/dev/outbox', {}, signal),
    enabled: me.type === 'SYSTEM_ADMINISTRATOR',
    retry: false,
    refetchInterval: (query) => (query.state.status === 'success' ? 10_000 : false),
  });
}
