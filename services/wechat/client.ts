/** WeChat's server API, as far as we use it. Addresses carry the app's secret: they never reach a log or an error. */
import { z } from 'zod';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';

const TIMEOUT_MS = 5_000;
const MAX_REPLY = 8_192;

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
  const url = new URL('/sns/jscode2session', config.WECHAT_URL || 'https://api.weixin.qq.com');
  url.search = new URLSearchParams({
    appid: app.appid,
    secret: app.secret,
    js_code: code,
    grant_type: 'authorization_code',
  }).toString();
  const raw = await get(url);
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

async function get(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    const text = await response.text();
    if (!response.ok || text.length > MAX_REPLY)
      throw new Error(`WeChat answered ${String(response.status)}`);
    return text;
  } catch (error) {
    throw new AppError('THIRD_PARTY', {
      cause: new Error(error instanceof Error ? error.name : 'fetch failed'),
    });
  }
}

/** The content type may be text/plain, so the text is parsed here. */
function parse(text: string): z.infer<typeof Reply> {
  try {
    return Reply.parse(JSON.parse(text));
  } catch {
    throw new AppError('THIRD_PARTY', { message: '微信返回了无法识别的内容，请稍后重试。' });
  }
}
