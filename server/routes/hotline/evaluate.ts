import { Ok } from '../../../contract/answer.js';
import { Evaluate } from '../../../contract/conversation.js';
import { evaluate } from '../../../services/evaluation/evaluate.js';
import { route, type Route } from '../../route.js';

export const evaluateRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '38a',
    method: 'put',
    path: '/evaluate',
    summary: 'Rates an ended conversation or its counselor',
    auth: ['VISITOR', 'SUPERVISOR'],
    from: 'json',
    input: Evaluate,
    answer: Ok,
    errors: ['NOT_FOUND', 'FORBIDDEN', 'RULE_REFUSED', 'CONFLICT'],
    handle: async ({ ctx, actor, input }) => {
      await evaluate(ctx, actor, input);
      return 'ok';
    },
  }),
];
