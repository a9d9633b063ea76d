/** A conversation's thread from the live client: loads it, keeps it whole, and says why when it can't. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient, useConversation, useLive } from '../live/context.js';
import { useMe } from '../state/session.js';
import { itemsOf } from './items.js';

export function useThread(id: string) {
  const me = useMe();
  const client = useClient();
  const view = useConversation(id);
  const clockOffset = useLive((state) => state.clockOffset);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let current = true;
    setError(null);
    client
      .load(id)
      // The state and the read marks, which history does not tell.
      .then(() => client.sync([id]))
      .catch((problem: unknown) => {
        if (current) setError(problem);
      });
    return () => {
      current = false;
    };
  }, [client, id, tries]);

  const rows = view?.rows;
  const reads = view?.reads;
  const received = view?.received;
  const hasOlder = view?.hasOlder ?? false;
  const visitorId = view?.conversation?.visitor?.id ?? null;
  const amongStaff = view?.conversation?.conversationType === 'REQUEST_SUPERVISE';
  const items = useMemo(
    () =>
      itemsOf(rows ?? [], {
        meId: me.id,
        visitorId,
        amongStaff,
        hasOlder,
        reads: reads ?? {},
        received: received ?? {},
        clockOffset,
      }),
    [rows, reads, received, hasOlder, visitorId, amongStaff, me.id, clockOffset],
  );
  const loadOlder = useCallback(() => {
    // A page that did not come is asked for again at the next scroll.
    client.older(id).catch(() => undefined);
  }, [client, id]);
  const retryLoad = useCallback(() => {
    setTries((count) => count + 1);
  }, []);

  return { view, items, loadOlder, error: view?.loaded ? null : error, retryLoad };
}
