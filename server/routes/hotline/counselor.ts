/** Document section 21: a counselor's own cap. */
import { Ok } from '../../../contract/answer.js';
import { SetMaxConsults } from '../../../contract/user.js';
import { setMaxConsults } from '../../../services/presence/duty.js';
import { route } from '../../route.js';

export const counselorRoutes = [
  route({
    dialect: 'hotline',
    section: '21',
    method: 'post',
    path: '/user/maxconsults',
    summary: '修改咨询师最大咨询人数',
    auth: ['COUNSELOR'],
    from: 'json',
    input: SetMaxConsults,
    answer: Ok,
    async handle({ ctx, actor, input }) {
      await setMaxConsults(ctx, actor, input.maxConsults);
      return 'ok';
    },
  }),
];
