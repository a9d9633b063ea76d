/** Pages of a transcript: the newest first, older ones as the reader goes up. */
import type { Message } from '../message.js';
import type { Conversations } from './conversations.js';
import { asHotlineError, isWorthAnotherTry } from './error.js';
import type { Link } from './link.js';
import { emptyTimeline, fromNewestPage, hasOlder, heldAt, prepend } from './timeline.js';
import type { Timers } from './types.js';

const PAGE = 50;
const NEWEST = 1_000_000_000;
const LOAD_TRIES = 6;

export function createHistory(deps: { link: Link; timers: Timers; conversations: Conversations }) {
  const { link, timers, conversations } = deps;
  const loading = new Map<string, Promise<void>>();

  const paging = new Map<string, Promise<boolean>>();

  const page = (id: string, before: number, size = PAGE) =>
    link.http<Message[]>(
      'GET',
      `/api/v1/conversations/${id}/messages?before=${String(before)}&limit=${String(size)}`,
    );

  async function olderPage(id: string, size: number): Promise<boolean> {
    const timeline = conversations.timeline(id);
    if (timeline === undefined || !hasOlder(timeline)) {
      return false;
    }
    conversations.change(id, { loadingOlder: true });
    try {
      const older = await page(id, timeline.low, size);
      conversations.put(id, prepend(conversations.timeline(id) ?? timeline, older));
      return older.length > 0;
    } finally {
      conversations.change(id, { loadingOlder: false });
    }
  }

  async function newestPage(id: string, tries = 1): Promise<Message[]> {
    try {
      return await page(id, NEWEST);
    } catch (error) {
      if (tries === LOAD_TRIES || !isWorthAnotherTry(asHotlineError(error).code)) {
        throw error;
      }
    }
    await new Promise<void>((done) => timers.setTimeout(done, 250 * 2 ** tries));
    return newestPage(id, tries + 1);
  }

  async function firstPage(id: string) {
    const messages = await newestPage(id);
    const { latest } = conversations.view(id);
    const last = messages.at(-1);
    // A push may have come while the page was on its way; it is merged, or shows a hole to close.
    const known = latest === null ? [] : [latest];
    conversations.put(id, last === undefined ? emptyTimeline() : fromNewestPage(messages, known));
    conversations.take(id, last === undefined ? known : [last]);
    if ((conversations.view(id).conversation?.lastSeq ?? 0) > conversations.after(id)) {
      await conversations.catchUp(id);
    }
  }

  const lookingUp = new Set<string>();

  return {
    async lookUp(id: string, seq: number): Promise<void> {
      const name = `${id} ${String(seq)}`;
      const { messages, quoted } = conversations.view(id);
      if (lookingUp.has(name) || quoted[seq] !== undefined || heldAt(messages, seq) !== undefined) {
        return;
      }
      lookingUp.add(name);
      try {
        const path = `/api/v1/conversations/${id}/messages?after=${String(seq - 1)}&limit=1`;
        const [found] = await link.http<Message[]>('GET', path);
        const known = { ...conversations.view(id).quoted, [seq]: found?.seq === seq ? found : null };
        conversations.change(id, { quoted: known });
      } catch {
        // The next drawing of the line asks again.
      } finally {
        lookingUp.delete(name);
      }
    },
    /** Loads the newest page, once; later calls answer at once. */
    load(id: string): Promise<void> {
      const running = loading.get(id);
      if (running !== undefined || conversations.timeline(id) !== undefined) {
        return running ?? Promise.resolve();
      }
      const load = firstPage(id).finally(() => loading.delete(id));
      loading.set(id, load);
      return load;
    },
    /**
     * One page of older history; false when there is none. Whoever asks while one is on its way gets that one.
     * @param size rows, at most 200
     */
    older(id: string, size = PAGE): Promise<boolean> {
      const next = paging.get(id) ?? olderPage(id, size).finally(() => paging.delete(id));
      paging.set(id, next);
      return next;
    },
  };
}
