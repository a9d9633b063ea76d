/** Staff pictures, public like the staff card (image addresses carry no token). */
import { z } from 'zod';
import { readAvatar } from '../../../services/files/avatar.js';
import { openRoute, type Route } from '../../route.js';

export const avatarRoutes: Route[] = [
  openRoute({
    dialect: 'ours',
    section: '4',
    method: 'get',
    path: '/api/v1/avatars/{name}',
    summary: '头像图片',
    from: 'query',
    input: z.object({ name: z.string().max(64).describe('As the avatar’s address names it') }),
    answer: 'bytes',
    errors: ['NOT_FOUND'],
    async handle({ ctx, input, reply }) {
      await reply.send({ type: 'image/webp', body: await readAvatar(ctx, input.name), maxAge: 31_536_000 });
    },
  }),
];
