import type { CodePurpose } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Account } from '../account/contact.js';
import type { Ctx } from '../context.js';
import { keepInOutbox } from './outbox.js';

const DOES: Record<CodePurpose, string> = {
  register: '注册账号',
  login: '登录',
  reset: '重置密码',
  deactivate: '注销账号',
  account: '绑定账号',
};

/**
 * By e-mail or SMS; without a service for it, outside production, into the development outbox.
 * @throws AppError THIRD_PARTY
 */
export async function deliverCode(
  ctx: Ctx,
  account: Account,
  code: string,
  purpose: CodePurpose | null,
  minutes: number,
): Promise<void> {
  const text = textOf(code, purpose, minutes);
  if (account.type === 'email' && ctx.mail) {
    await ctx.mail.send({ to: account.value, subject: `心院热线验证码：${code}`, text });
    return;
  }
  if (account.type === 'phone' && ctx.sms) {
    await ctx.sms.sendCode(account.value, code, minutes);
    return;
  }
  if (ctx.config.production) {
    throw new AppError('THIRD_PARTY', {
      message: account.type === 'email' ? '本平台没有开通邮件服务。' : '本平台没有开通短信服务。',
    });
  }
  await keepInOutbox(ctx, account, { purpose, code, text });
}

const textOf = (code: string, purpose: CodePurpose | null, minutes: number): string =>
  `【心院热线】您${purpose === null ? '' : `正在${DOES[purpose]}，`}的验证码是 ${code}，${String(minutes)} 分钟内有效，只能使用一次。如非本人操作，请忽略，不要告诉任何人。`.replace(
    '，的验证码',
    '，验证码',
  );
