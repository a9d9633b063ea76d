/** Document section 7: the phone of a mini-program's visitor. */
import { z } from 'zod';
import { WxPhone } from '../../../contract/user.js';
import { readWeChatPhone } from '../../../services/account/wechat-phone.js';
import { route, type Route } from '../../route.js';

export const wechatRoutes: Route[] = [
  route({
    dialect: 'hotline',
    section: '7',
    method: 'post',
    path: '/wx/user/{appid}/phone',
    summary: '微信小程序获取当前用户手机号',
    auth: ['VISITOR'],
    from: 'any',
    input: WxPhone,
    answer: z.string().describe('The phone'),
    errors: ['THIRD_PARTY'],
    handle: ({ ctx, actor, input }) => readWeChatPhone(ctx, actor, input),
  }),
];
