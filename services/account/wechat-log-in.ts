import type { WxLogIn } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { sealField } from '../seal/fields.js';
import { findWeChatApp, type WeChatApp } from '../wechat/apps.js';
import { code2session, type WeChatRefusal, type WeChatSession } from '../wechat/client.js';
import type { SignedIn } from './log-in.js';
import { createSession } from './session.js';
import { findVisitor, registerVisitor } from './visitor.js';

/** What WeChat means by a code, in the words of document section 3. */
const REFUSED: Record<number, string> = {
  40029: 'code 无效',
  40163: 'code 已被使用',
  40226: '高风险等级用户，小程序登录拦截',
};

/**
 * Log-in of a mini-program's visitor (document section 3); an unknown openId is registered.
 * @throws AppError BAD_INPUT for an unknown appid or a refused code, BAD_CREDENTIALS for a banned visitor,
 *   THIRD_PARTY, RATE_LIMITED
 */
export async function wechatLogIn(ctx: Ctx, input: WxLogIn): Promise<SignedIn> {
  const app = findWeChatApp(ctx.config, input.appid);
  if (!app) throw new AppError('BAD_INPUT', { message: '该小程序（appid）没有接入本平台。' });
  const answer = await code2session(ctx.config, app, input.code);
  if ('refused' in answer) throw refusal(answer);
  const user = await visitorOf(ctx, app, answer);
  if (!user.enabled) throw new AppError('BAD_CREDENTIALS');
  return createSession(ctx, user);
}

async function visitorOf(ctx: Ctx, app: WeChatApp, { openId, sessionKey }: WeChatSession): Promise<User> {
  const key = { wechat: `${app.appid}:${openId}` };
  const user =
    (await findVisitor(ctx, key)) ??
    (await registerVisitor(ctx, key, () => ({ institution: app.institution, username: openId, openId })));
  // Each log-in may replace the key, and only the newest decrypts what the phone sends.
  const place = ['users', 'wechatSession', user._id.toHexString()] as const;
  const wechatSession = await sealField(ctx, user.institution, place, sessionKey);
  await ctx.models.User.updateOne({ _id: user._id }, { $set: { wechatSession } });
  return user;
}

function refusal({ refused, raw }: WeChatRefusal): AppError {
  const meaning = REFUSED[refused] ?? '登录失败';
  return new AppError('BAD_INPUT', {
    message: `错误代码:${String(refused)}, 错误信息:${meaning}，微信原始报文:${raw}`,
  });
}
