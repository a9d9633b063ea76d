/** One call to WeChat. Addresses carry secrets and tokens: they never reach a log or an error. */
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';

const TIMEOUT_MS = 5_000;
const MAX_REPLY = 8_192;

/**
 * @param json sent by POST; left out = GET
 * @returns the reply as text: its content type may be text/plain whatever it is
 * @throws AppError THIRD_PARTY when WeChat does not answer in time or with an error page
 */
export async function askWeChat(
  config: Pick<Config, 'WECHAT_URL'>,
  path: string,
  query: Record<string, string>,
  json?: unknown,
): Promise<string> {
  const url = new URL(path, config.WECHAT_URL || 'https://api.weixin.qq.com');
  url.search = new URLSearchParams(query).toString();
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
      ...(json === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(json),
          }),
    });
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

/** @throws AppError THIRD_PARTY when it is no JSON */
export function parseReply(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('THIRD_PARTY', { message: '微信返回了无法识别的内容，请稍后重试。' });
  }
}
