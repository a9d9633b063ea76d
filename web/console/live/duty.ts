/** A counselor's own duty: stated presence, seats, and changing both. */
import { useEffect } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Presence } from '../../../contract/enums.js';
import type { Duty } from '../../../contract/user.js';
import { get, send } from '../api/http.js';
import { isCounselor, useMe } from '../state/session.js';
import { useClient, useLive } from './context.js';

const DUTY = ['duty'];

/** Undefined until known, and for those who have no duty. */
export function useDuty(): Duty | undefined {
  const me = useMe();
  return useQuery({
    queryKey: DUTY,
    queryFn: ({ signal }) => get<Duty>('/api/v1/me/duty', undefined, signal),
    enabled: isCounselor(me),
    staleTime: Infinity,
  }).data;
}

/** Mounted once, in the shell: keeps the duty as the socket tells it. */
export function useDutyRunner(): void {
  const me = useMe();
  const queryClient = useQueryClient();
  const told = useLive((state) => state.presence[me.id]);
  const connected = useLive((state) => state.connection === 'connected');
  // A presence change that was told while we were away is told to nobody again.
  useEffect(() => {
    if (connected && isCounselor(me)) void queryClient.refetchQueries({ queryKey: DUTY });
  }, [connected, me, queryClient]);
  useEffect(() => {
    if (!told) return;
    const { state, connected: there, maxConsults, activeCount } = told;
    // An answer that is still on its way may be older than this.
    void queryClient.cancelQueries({ queryKey: DUTY });
    queryClient.setQueryData<Duty>(DUTY, { state, connected: there, maxConsults, activeCount });
  }, [told, queryClient]);
}

export function useSetPresence() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (state: Presence) =>
      client.getState().connection === 'connected'
        ? client.setPresence(state)
        : send<Duty>('PUT', '/api/v1/me/presence', { state }),
    onSuccess: (duty) => {
      queryClient.setQueryData<Duty>(DUTY, duty);
    },
  });
}

export function useSetMaxConsults() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (maxConsults: number) => send('POST', '/user/maxconsults', { maxConsults }),
    onSuccess: async (_answer, maxConsults) => {
      queryClient.setQueryData<Duty>(DUTY, (duty) => duty && { ...duty, maxConsults });
      await queryClient.invalidateQueries({ queryKey: DUTY });
    },
  });
}
