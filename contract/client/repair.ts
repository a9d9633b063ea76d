/** How a push that got lost is noticed: by the beacon while the socket lives, by polling while it does not. */
import type { BeaconLine } from '../events.js';
import type { Message } from '../message.js';
import { HELD_SECONDS } from './ask.js';
import type { Conversations } from './conversations.js';
import type { Link } from './link.js';
import type { Store } from './store.js';
import type { ClientState, ConversationView, Timers } from './types.js';

/** An open conversation that the beacon leaves out is asked about this often: its end may have been missed. */
const LEFT_OUT_WAIT = 30_000;
/** Between two rounds where no answer is held: while something is open, and while nothing is. */
const ROUND = 3000;
const IDLE_ROUND = 15_000;

const isOpen = ({ conversation, gone }: ConversationView) =>
  !gone && (conversation?.status === 'WAITING' || conversation?.status === 'IN_PROGRESS');

export function createRepair(deps: {
  store: Store<ClientState>;
  link: Link;
  timers: Timers;
  conversations: Conversations;
}) {
  const { store, link, timers, conversations } = deps;
  const askedAbout = new Map<string, number>();

  return {
    beacon(lines: readonly BeaconLine[]) {
      const told = new Set(lines.map((line) => line.id));
      const now = timers.now();
      for (const row of Object.values(store.getState().conversations)) {
        if (isOpen(row) && !told.has(row.id) && now - (askedAbout.get(row.id) ?? 0) > LEFT_OUT_WAIT) {
          askedAbout.set(row.id, now);
          void conversations.catchUp(row.id);
        }
      }
      for (const { id, seq, rev } of lines) {
        const { conversation } = conversations.view(id);
        if (conversation === null || seq > conversations.after(id) || rev > conversation.rev) {
          void conversations.catchUp(id);
        }
      }
    },
    /** One round over plain HTTP. Of a single open chat the server holds the answer until there is news. */
    async poll(first: boolean, signal: AbortSignal | undefined) {
      const open = Object.values(store.getState().conversations).filter(isOpen);
      const only = open.length === 1 ? open[0] : undefined;
      if (!first && only?.loaded === true && only.conversation?.status === 'IN_PROGRESS') {
        const after = String(conversations.after(only.id));
        const path = `/api/v1/conversations/${only.id}/messages?after=${after}&limit=200&wait=${String(HELD_SECONDS)}`;
        const options = { held: true, ...(signal === undefined ? {} : { signal }) };
        conversations.take(only.id, await link.http<Message[]>('GET', path, undefined, options));
      } else if (!first) {
        // Places and states are told by no message, so they are asked for.
        await new Promise<void>((done) => timers.setTimeout(done, open.length > 0 ? ROUND : IDLE_ROUND));
      }
      await conversations.sync(conversations.all(), signal);
    },
  };
}
