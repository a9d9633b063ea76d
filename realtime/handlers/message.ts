import {
  ReadMessages,
  ReceivedMessages,
  RecallMessage,
  SendMessage,
  SetTyping,
  Sync,
} from '../../contract/message.js';
import type { Entry } from '../../services/message/entry.js';
import { appendMessage, prepareMessage } from '../../services/message/accept.js';
import { markRead, markReceived, setTyping } from '../../services/message/read.js';
import { recallMessage } from '../../services/message/recall.js';
import { syncConversations } from '../../services/message/sync.js';
import { handler, type Handlers } from '../handler.js';
import type { HotlineSocket } from '../gateway.js';

/** The last send of each socket that is still being authorised: the next one waits for it, not for its write. */
const preparing = new WeakMap<HotlineSocket, Promise<unknown>>();

export const messageHandlers: Handlers = {
  'message:send': handler(SendMessage, (ctx, socket, input) => {
    const before = preparing.get(socket) ?? Promise.resolve();
    const prepared: Promise<Entry> = before.then(() => prepareMessage(ctx, socket.data.principal, input));
    preparing.set(
      socket,
      prepared.catch(() => undefined),
    );
    return prepared.then((entry) => appendMessage(ctx, entry));
  }),
  'message:read': handler(ReadMessages, (ctx, socket, input) => markRead(ctx, socket.data.principal, input)),
  'message:received': handler(ReceivedMessages, (ctx, socket, input) =>
    markReceived(ctx, socket.data.principal, input),
  ),
  'message:recall': handler(RecallMessage, (ctx, socket, input) =>
    recallMessage(ctx, socket.data.principal, input.id),
  ),
  'typing:set': handler(SetTyping, (ctx, socket, input) => setTyping(ctx, socket.data.principal, input)),
  sync: handler(Sync, (ctx, socket, input) => syncConversations(ctx, socket.data.principal, input)),
};
