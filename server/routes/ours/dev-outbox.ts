/** What would have been sent, in development and demo mode (design.md, "Live protocol"). */
import { OutboxEntry } from '../../../contract/code.js';
import { z } from 'zod';
import { blankAsAbsent } from '../../../contract/common.js';
import { readOutbox } from '../../../services/code/outbox.js';
import { route, type Route } from '../../route.js';

const ReadOutbox = z
  .object({ to: blankAsAbsent(z.string().max(254)).describe('Phone or e-mail; left out = all') })
  .meta({ id: 'ReadOutbox' });

export const devOutboxRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '4',
    method: 'get',
    path: '/api/v1/dev/outbox',
    summary: '开发发件箱（生产环境没有）',
    auth: ['SYSTEM_ADMINISTRATOR'],
    from: 'query',
    input: ReadOutbox,
    answer: z.array(OutboxEntry),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readOutbox(ctx, actor, input.to),
  }),
];
