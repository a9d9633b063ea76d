import { GiveConsent, GivenConsent } from '../../../contract/user.js';
import { giveConsent } from '../../../services/consent/give-consent.js';
import { route, type Route } from '../../route.js';

export const consentRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '4',
    method: 'post',
    path: '/api/v1/consent',
    summary: 'Stores a visitor’s informed consent',
    auth: ['VISITOR'],
    from: 'json',
    input: GiveConsent,
    answer: GivenConsent,
    errors: ['CONFLICT', 'NOT_FOUND'],
    handle: ({ ctx, actor, input }) => giveConsent(ctx, actor, input),
  }),
];
