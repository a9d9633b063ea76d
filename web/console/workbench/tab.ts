/** Which list stands at the left: tabs and keys choose it. */
import { create } from 'zustand';

export const TABS = ['mine', 'queue', 'history', 'search'] as const;
export type Tab = (typeof TABS)[number];

export const useTab = create<{ tab: Tab }>()(() => ({ tab: 'mine' }));

export function showTab(tab: Tab) {
  useTab.setState({ tab });
}

/** The id of the box, for the key that goes to it. */
export const SEARCH_BOX = 'search-own';
