/** The log-in of a mini-program at WeChat. */
import { z } from 'zod';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import { askWeChat, parseReply } from './ask.js';

const Reply = z.object({
  errcode: z.number().optional(),
  errmsg: z.string().optional(),
  openid: z.string().min(1).optional(),
  session_key: z.string().min(1).optional(),
  unionid: z.string().optional(),
});

export interface WeChatSession {
  openId: string;
  /** base64 of 16 bytes; stays on the server. */
  sessionKey: string;
}

/** WeChat said no to this code; the text is its whole answer. */
export interface WeChatRefusal {
  refused: number;
  raw: string;
}

/** The visitor's code is spent, foreign or blocked: the visitor must try again with a new one. */
const REFUSALS = new Set([40029, 40163, 40226]);
const TOO_OFTEN = 45011;

/**
 * Exchanges the code of wx.login. A code lives five minutes and works once, so there is no second try.
 * @throws AppError THIRD_PARTY when WeChat does not answer or our own set-up is wrong, RATE_LIMITED when it says so
 */
export async function code2session(
  config: Pick<Config, 'WECHAT_URL'>,
  app: { appid: string; secret: string },
  code: string,
): Promise<WeChatSession | WeChatRefusal> {
  const raw = await askWeChat(config, '/sns/jscode2session', {
    appid: app.appid,
    secret: app.secret,
    js_code: code,
    grant_type: 'authorization_code',
  });
  const reply = parse(raw);
  if (reply.errcode) {
    if (REFUSALS.has(reply.errcode)) return { refused: reply.errcode, raw };
    if (reply.errcode === TOO_OFTEN) throw new AppError('RATE_LIMITED', { retry: 60_000 });
    throw new AppError('THIRD_PARTY', { cause: new Error(`WeChat errcode ${String(reply.errcode)}`) });
  }
  // A success may come without an errcode: the openid is what tells.
  if (!reply.openid || !reply.session_key) throw new AppError('THIRD_PARTY');
  return { openId: reply.openid, sessionKey: reply.session_key };
}

function parse(text: string): z.infer<typeof Reply> {
  const reply = Reply.safeParse(parseReply(text));
  if (reply.success) return reply.data;
  throw new AppError('THIRD_PARTY', { message: '微信返回了无法识别的内容，请稍后重试。' });
}
