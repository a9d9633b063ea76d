/** Document sections 37 and 38b: Tencent IM's log-in and its callback. */
import { z } from 'zod';
import { signIm } from '../../../services/im/sign.js';
import { route, type Route } from '../../route.js';

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
    handle: ({ ctx, actor }) => Promise.resolve(signIm(ctx, actor)),
  }),
];
