/** Document section 27: a counselor calls a supervisor. */
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
    handle: ({ ctx, actor, input }) => requestSupervision(ctx, actor, input),
  }),
];
