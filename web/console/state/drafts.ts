/**
 * Unsent replies, one a conversation. They hold personal text: sessionStorage (gone with the tab), and erased at
 * log-out or when somebody else signs in here.
 */
import { create } from 'zustand';

const KEY = 'hotline.console.drafts';

interface Stored {
  owner: string;
  drafts: Record<string, string>;
}

function read(): Stored {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Stored | null;
    return stored ?? { owner: '', drafts: {} };
  } catch {
    return { owner: '', drafts: {} };
  }
}

interface DraftStore extends Stored {
  write: (conversationId: string, text: string) => void;
}

export const useDrafts = create<DraftStore>()((set) => ({
  ...read(),
  write: (conversationId, text) =>
    set((store) => {
      const { [conversationId]: _before, ...others } = store.drafts;
      return { drafts: text === '' ? others : { ...others, [conversationId]: text } };
    }),
}));

useDrafts.subscribe(({ owner, drafts }) => {
  try {
    if (Object.keys(drafts).length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ owner, drafts } satisfies Stored));
  } catch {
    // A full or forbidden store only costs the draft its life across a reload.
  }
});

export function ownDrafts(userId: string) {
  const { owner } = useDrafts.getState();
  useDrafts.setState(owner === userId ? {} : { owner: userId, drafts: {} });
}

export function forgetDrafts() {
  useDrafts.setState({ owner: '', drafts: {} });
}
