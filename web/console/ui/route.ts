/**
 * The address of what is shown: `#/<page>/<conversation>`, of a list `#/<page>?<filters>`. In the hash, so that the server serves one file and a
 * reload or a bookmark comes back to the same conversation.
 */
import { useSyncExternalStore } from 'react';
import type { Disposition } from '../../../contract/enums.js';

export const PAGES = [
  'workbench',
  'queue',
  'supervision',
  'risk',
  'care',
  'roster',
  'calendar',
  'records',
  'exports',
  'orders',
  'cases',
  'reports',
  'staff',
  'policies',
  'replies',
  'house',
  'outbox',
  'settings',
] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  page: PageName | null;
  conversationId: string | null;
}

export function parseRoute(hash: string): Route {
  const [page, conversationId] = hash.replace(/^#\/?/, '').replace(/\?.*$/, '').split('/');
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

/** The records of a time, a counselor or a kind of contact; what is left out is not asked for. */
export function recordsOf(filters: {
  from?: string;
  to?: string;
  /** Their id; the name is what the list shows of it. */
  counselor?: string;
  name?: string | null;
  disposition?: Disposition;
}) {
  const query = Object.entries(filters).flatMap(([name, value]): [string, string][] =>
    value ? [[name, value]] : [],
  );
  return `${addressOf('records')}?${new URLSearchParams(query).toString()}`;
}

/** The roster of a day: 2026-03-05. */
export const rosterOf = (day: string) => `${addressOf('roster')}?${new URLSearchParams({ day }).toString()}`;

/** What the address asks of its list. */
export const queryOfAddress = () => new URLSearchParams(location.hash.split('?')[1] ?? '');

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
