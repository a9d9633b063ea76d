import { z } from 'zod';
import { id } from '../../contract/common.js';
import { EndConversation } from '../../contract/conversation.js';
import { endConversation } from '../../services/conversation/end.js';
import { openConversation } from '../../services/conversation/open.js';
import { presentConversation } from '../../services/presenters/conversation.js';
import { handler, type Handlers } from '../handler.js';

export const conversationHandlers: Handlers = {
  'conversation:open': handler(z.strictObject({ counselor: id.optional() }), (ctx, socket, input) =>
    openConversation(ctx, socket.data.principal, input),
  ),
  'conversation:end': handler(EndConversation, async (ctx, socket, input) =>
    presentConversation(ctx, await endConversation(ctx, socket.data.principal, input.conversationId)),
  ),
};
