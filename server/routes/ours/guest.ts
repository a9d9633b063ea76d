/** A visitor without an account (contract-notes.md section 4, "16, 26a"). */
import { GuestLoggedIn, GuestLogIn } from '../../../contract/user.js';
import { guestLogIn } from '../../../services/account/guest.js';
import { presentMe } from '../../../services/account/me.js';
import { openRoute, type Route } from '../../route.js';

export const guestRoutes: Route[] = [
  openRoute({
    dialect: 'ours',
    section: '4',
    method: 'post',
    path: '/api/v1/guest',
    summary: '访客身份（与设备绑定）',
    from: 'json',
    input: GuestLogIn,
    answer: GuestLoggedIn,
    errors: ['BANNED', 'CONFLICT', 'NOT_FOUND', 'RATE_LIMITED'],
    async handle({ ctx, input, caller, reply }) {
      const { token, expiresAt, user } = await guestLogIn(ctx, input, caller.address);
      reply.signIn(token, expiresAt);
      return { token, me: presentMe(user) };
    },
  }),
];
