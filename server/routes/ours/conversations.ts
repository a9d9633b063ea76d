/** The live protocol over plain HTTP, for phones whose socket is blocked (design.md, "Live protocol"). */
import {
  Conversation,
  ConversationPreview,
  QueueSnapshot,
  SyncAnswer,
} from '../../../contract/conversation.js';
import { z } from 'zod';
import { id } from '../../../contract/common.js';
import {
  Message,
  MessageReceipt,
  ReadHistory,
  ReadMark,
  ReadMessages,
  ReceivedMessages,
  SendMessage,
  Sync,
} from '../../../contract/message.js';
import { getConversation } from '../../../services/conversation/list.js';
import { snapshotQueue } from '../../../services/matchmaking/snapshot.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { readHistory } from '../../../services/message/history.js';
import { markRead, markReceived } from '../../../services/message/read.js';
import { recallMessage } from '../../../services/message/recall.js';
import { previewConversations, syncConversations } from '../../../services/message/sync.js';
import type { Actor, Ctx } from '../../../services/context.js';
import { route } from '../../route.js';

const MAX_WAIT_S = 25;
/** While waiting, look again this often even if nothing was told: a lost push costs no more. */
const LOOK_AGAIN_MS = 3_000;

async function waitingHistory(
  ctx: Ctx,
  actor: Actor,
  input: ReadHistory & { id: string },
  closed: AbortSignal,
): Promise<Awaited<ReturnType<typeof readHistory>>> {
  const until = ctx.clock.monotonic() + Math.min(input.wait, MAX_WAIT_S) * 1000;
  for (;;) {
    // Subscribe first, then read: a message in between wakes the wait.
    const stop = new AbortController();
    const signal = AbortSignal.any([closed, stop.signal]);
    const left = until - ctx.clock.monotonic();
    const arrival = ctx.arrivals.next(input.id, Math.max(0, Math.min(left, LOOK_AGAIN_MS)), signal);
    const messages = await readHistory(ctx, actor, input.id, input).catch((error: unknown) => {
      stop.abort();
      throw error;
    });
    if (messages.length > 0 || left <= 0 || closed.aborted) {
      stop.abort();
      return messages;
    }
    await arrival;
  }
}

export const conversationsRoutes = [
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'get',
    path: '/api/v1/conversations/{id}/messages',
    summary: '读取消息，可等待新消息（最多25秒）',
    auth: 'signed-in',
    from: 'query',
    input: ReadHistory.extend({ id }).strict(),
    answer: z.array(Message),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input, reply }) => waitingHistory(ctx, actor, input, reply.closed),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/conversations/{conversationId}/messages',
    summary: '发送消息，应答即已持久保存',
    auth: 'signed-in',
    from: 'json',
    input: SendMessage,
    answer: MessageReceipt,
    errors: ['NOT_FOUND', 'CONVERSATION_ENDED', 'RATE_LIMITED'],
    handle: ({ ctx, actor, input }) => acceptMessage(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/conversations/{conversationId}/read',
    summary: '标记已读',
    auth: 'signed-in',
    from: 'json',
    input: ReadMessages,
    answer: ReadMark,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => markRead(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/conversations/{conversationId}/received',
    summary: '标记已收到',
    auth: 'signed-in',
    from: 'json',
    input: ReceivedMessages,
    answer: ReadMark,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => markReceived(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/messages/{id}/recall',
    summary: '撤回自己两分钟内的消息',
    auth: 'signed-in',
    from: 'json',
    input: z.strictObject({ id }),
    answer: MessageReceipt,
    errors: ['NOT_FOUND', 'CONVERSATION_ENDED', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => recallMessage(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '29',
    method: 'get',
    path: '/api/v1/conversations/{id}',
    summary: '一个会话的当前状态',
    auth: 'signed-in',
    from: 'query',
    input: z.strictObject({ id }),
    answer: Conversation,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => getConversation(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/sync',
    summary: '补齐错过的状态与消息',
    auth: 'signed-in',
    from: 'json',
    input: Sync,
    answer: SyncAnswer,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => syncConversations(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '29',
    method: 'get',
    path: '/api/v1/previews',
    summary: '自己进行中的会话的最后一行与未读数',
    auth: 'signed-in',
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(ConversationPreview),
    handle: ({ ctx, actor }) => previewConversations(ctx, actor),
  }),
  route({
    dialect: 'ours',
    section: '29',
    method: 'get',
    path: '/api/v1/queue',
    summary: '本机构的等待队列',
    auth: ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: QueueSnapshot,
    handle: ({ ctx, actor }) => snapshotQueue(ctx, actor.institution),
  }),
];
