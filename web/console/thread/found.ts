/** Search answers as pages that go on where the last one stopped. They are kept no longer than they are looked at. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { send } from '../api/http.js';

interface Part<Hit, Next> {
  hits: Hit[];
  next: Next | null;
  read: number;
}

/**
 * @param path a search call; what is looked for goes in the body, so that no log holds it
 * @param text what is looked for; '' asks nothing
 * @param goOn the name under which `next` is sent back
 */
export function useFound<Hit, Next>(path: string, text: string, goOn: 'before' | 'from') {
  const query = useInfiniteQuery({
    queryKey: ['found', path, text],
    enabled: text !== '',
    gcTime: 0,
    staleTime: Infinity,
    initialPageParam: null as Next | null,
    queryFn: ({ pageParam }) =>
      send<Part<Hit, Next>>('POST', path, { text, ...(pageParam === null ? {} : { [goOn]: pageParam }) }),
    getNextPageParam: ({ next }) => next,
  });
  const pages = query.data?.pages ?? [];
  return {
    query,
    hits: pages.flatMap(({ hits }) => hits),
    read: pages.reduce((sum, { read }) => sum + read, 0),
  };
}
