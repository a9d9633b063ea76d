/** Webhooks of integrators, for an institution's admins and system admins. */
import {
  CreateWebhook,
  DeadEvent,
  ListDead,
  ListWebhooks,
  OneWebhook,
  ReplayDead,
  Webhook,
  WebhookSecret,
} from '../../../contract/webhook.js';
import { z } from 'zod';
import { Ok } from '../../../contract/answer.js';
import {
  createWebhook,
  deleteWebhook,
  listDead,
  listWebhooks,
  replayDead,
  rotateSecret,
} from '../../../services/webhook/manage.js';
import { route } from '../../route.js';

const ADMINS = ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ours = { dialect: 'ours', section: 'webhooks', auth: ADMINS } as const;

export const webhookRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/webhooks',
    summary: '机构的事件推送地址',
    from: 'query',
    input: ListWebhooks,
    answer: z.array(Webhook),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listWebhooks(ctx, actor, input.institution),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/webhooks',
    summary: '添加推送地址；签名密钥只在这里返回一次',
    from: 'json',
    input: CreateWebhook,
    answer: WebhookSecret,
    errors: ['NOT_FOUND', 'QUOTA'],
    handle: ({ ctx, actor, input }) => createWebhook(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'delete',
    path: '/api/v1/webhooks/{id}',
    summary: '删除推送地址',
    from: 'query',
    input: OneWebhook,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await deleteWebhook(ctx, actor, input.id);
      return 'ok' as const;
    },
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/webhooks/{id}/rotate',
    summary: '更换签名密钥；旧密钥24小时内仍同时签名',
    from: 'json',
    input: OneWebhook,
    answer: WebhookSecret,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => rotateSecret(ctx, actor, input.id),
  }),
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/webhooks/{id}/dead-letters',
    summary: '多次尝试后仍未送达的事件',
    from: 'query',
    input: ListDead,
    list: true,
    answer: DeadEvent,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listDead(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'post',
    path: '/api/v1/webhooks/{id}/dead-letters/{row}/replay',
    summary: '重新发送一条未送达的事件',
    from: 'json',
    input: ReplayDead,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await replayDead(ctx, actor, input.id, input.row);
      return 'ok' as const;
    },
  }),
];
