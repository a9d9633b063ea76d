import { SetPresence } from '../../contract/user.js';
import { setPresence } from '../../services/presence/duty.js';
import { handler, type Handlers } from '../handler.js';

export const presenceHandlers: Handlers = {
  'presence:set': handler(SetPresence, (ctx, socket, input) =>
    setPresence(ctx, socket.data.principal, input.state, true),
  ),
};
