/**
 * What staff is asked to take: visitors offered to a counselor, sessions that colleagues would give away, messages that
 * were left while nobody was there.
 */
import { useEffect } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { OfflineChange } from '../../../contract/events.js';
import type { Offer } from '../../../contract/matchmaking.js';
import type { Transfer, TransferClosed } from '../../../contract/transfer.js';
import { get } from '../api/http.js';
import { isCounselor, useMe } from '../state/session.js';
import { alertWith } from '../ui/alert.js';
import { useClient, useLive } from './context.js';

export const OFFERS = ['offers'];
export const TRANSFERS = ['transfers'];
export const OFFLINE = ['offline-messages'];
/** Without a socket nobody tells us. */
const ASK_EVERY_MS = 10_000;

function useAsked<T>(queryKey: string[], path: string): T[] {
  const me = useMe();
  const connected = useLive((state) => state.connection === 'connected');
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<T[]>(path, undefined, signal),
    enabled: isCounselor(me),
    staleTime: Infinity,
    refetchInterval: connected ? false : ASK_EVERY_MS,
  });
  return data ?? [];
}

export const useOffers = () => useAsked<Offer>(OFFERS, '/api/v1/me/offers');
/** Those I am asked for, and those of mine that others are asked for. */
export const useTransfers = () => useAsked<Transfer>(TRANSFERS, '/api/v1/me/transfers');

/** Mounted once, in the shell. @param settled what became of a transfer that I gave or was asked for */
export function useIncomingRunner(settled: (closed: TransferClosed) => void) {
  const client = useClient();
  const cache = useQueryClient();
  const connected = useLive((state) => state.connection === 'connected');
  // What was told while the line was away is told to nobody again.
  useEffect(() => {
    if (!connected) return;
    void cache.invalidateQueries({ queryKey: OFFERS });
    void cache.invalidateQueries({ queryKey: TRANSFERS });
    void cache.invalidateQueries({ queryKey: OFFLINE });
  }, [connected, cache]);
  useEffect(
    () =>
      client.onPush((event, payload) => {
        if (event === 'offer:made' || event === 'offer:withdrawn') {
          void cache.invalidateQueries({ queryKey: OFFERS });
        } else if (event === 'transfer:offered' || event === 'transfer:closed') {
          void cache.invalidateQueries({ queryKey: TRANSFERS });
        } else if (event === 'offline-message:changed') {
          void cache.invalidateQueries({ queryKey: OFFLINE });
          const { state, urgency } = payload as OfflineChange;
          if (state === 'OPEN' && urgency !== 'none') alertWith('message');
        }
        if (event === 'offer:made' || event === 'transfer:offered') alertWith('assigned');
        if (event === 'transfer:closed') settled(payload as TransferClosed);
      }),
    [client, cache, settled],
  );
}
