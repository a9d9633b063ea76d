/** Document section 27: a counselor calls a supervisor. */
import { Conversation } from '../../../contract/conversation.js';
import { RequestSupervision } from '../../../contract/supervision.js';
import { requestSupervision } from '../../../services/supervision/call.js';
import { route, type Route } from '../../route.js';

export const superviseRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '27',
    method: 'put',
    path: '/conversation/supervise',
    summary: '请求督导',
    auth: ['COUNSELOR'],
    from: 'any',
    input: RequestSupervision,
    answer: Conversation,
    errors: ['NOT_FOUND', 'FORBIDDEN', 'RULE_REFUSED', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => requestSupervision(ctx, actor, input),
  }),
];
