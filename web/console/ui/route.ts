/**
 * The address of what is shown: `#/<page>/<conversation>`. In the hash, so that the server serves one file and a
 * reload or a bookmark comes back to the same conversation.
 */
import { useSyncExternalStore } from 'react';

export const PAGES = [
  'workbench',
  'queue',
  'supervision',
  'roster',
  'calendar',
  'records',
  'exports',
  'orders',
  'cases',
  'reports',
  'staff',
  'outbox',
  'settings',
] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  page: PageName | null;
  conversationId: string | null;
}

export function parseRoute(hash: string): Route {
  const [page, conversationId] = hash.replace(/^#\/?/, '').split('/');
  const known = PAGES.find((name) => name === page) ?? null;
  return {
    page: known,
    conversationId:
      conversationId === undefined || conversationId === '' ? null : decodeURIComponent(conversationId),
  };
}

export function addressOf(page: PageName, conversationId?: string | null) {
  return `#/${page}${conversationId ? `/${encodeURIComponent(conversationId)}` : ''}`;
}

export function go(page: PageName, conversationId?: string | null) {
  location.hash = addressOf(page, conversationId);
}

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return parseRoute(hash);
}
