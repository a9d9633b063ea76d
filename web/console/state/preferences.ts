/**
 * What a person set for this browser: look, language, sound. Holds no personal data, so localStorage may keep it
 * beyond a log-out. A later issue moves it to the server behind the same store.
 */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Language } from '../locales/index.js';

export type ThemeChoice = 'light' | 'dark' | 'system';

interface Preferences {
  theme: ThemeChoice;
  language: Language;
  muted: boolean;
  /** 0 … 1 */
  volume: number;
  /** Notices of the desktop while the page is out of sight. */
  desktop: boolean;
  /** What calls: one's own conversations, or whoever waits too. */
  scope: 'mine' | 'queue';
  /** Ids of canned replies, in the order of Alt+Shift+1 … 9. */
  favouriteReplies: string[];
  set: (change: Partial<Omit<Preferences, 'set'>>) => void;
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      language: 'zh-CN',
      muted: false,
      volume: 0.6,
      desktop: false,
      scope: 'mine',
      favouriteReplies: [],
      set,
    }),
    { name: 'hotline.console.preferences', version: 1 },
  ),
);
