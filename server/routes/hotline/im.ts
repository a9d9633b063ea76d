/** Document sections 37 and 38b: Tencent IM's log-in and its callback. */
import { ImCallbackBody, ImCallbackQuery, ImReply } from '../../../contract/im.js';
import { z } from 'zod';
import { receiveCallback } from '../../../services/im/callback.js';
import { signIm } from '../../../services/im/sign.js';
import { openRoute, route, type Route } from '../../route.js';

/** Both parts as they came: what may be read of them is the service's to say. */
const RawCallback = z
  .object({
    query: z
      .record(z.string(), z.string())
      .describe('Names in any case: SdkAppid, CallbackCommand, Sign, RequestTime …'),
    body: z.string().describe('The documented JSON'),
  })
  .meta({ id: 'ImCallback' });

export const imRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '37',
    method: 'post',
    path: '/im/sign',
    also: ['/im/sig'],
    summary: '获取UserSig',
    auth: 'signed-in',
    from: 'json',
    input: z.object({}),
    answer: z.string().describe('UserSig for the caller’s own id'),
    errors: ['THIRD_PARTY'],
    handle: ({ ctx, actor }) => Promise.resolve(signIm(ctx, actor)),
  }),
  openRoute({
    dialect: 'tencent',
    section: '38b',
    method: 'post',
    path: '/message/callback',
    summary: '消息回调',
    from: 'raw',
    input: RawCallback,
    described: { query: ImCallbackQuery, body: ImCallbackBody },
    answer: ImReply,
    handle: ({ ctx, input }) => receiveCallback(ctx, input),
  }),
];
