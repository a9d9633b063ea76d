/**
 * WeChat's access_token of one app, shared by all nodes through Redis: sealed there, and gone a while before WeChat
 * would end it. A lost or emptied Redis costs one more call: in its normal mode WeChat answers the same token again.
 */
import { z } from 'zod';
import { AppError } from '../../platform/errors.js';
import { seal } from '../../platform/keyring.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import type { WeChatApp } from './apps.js';
import { askWeChat, parseReply } from './ask.js';

/** WeChat renews a token in its last five minutes, in which both are good. */
const MARGIN_S = 300;
/** The token is invalid, or over. */
const STALE = new Set([40001, 40014, 42001]);

type Needs = Pick<Ctx, 'config' | 'redis' | 'keyring' | 'log'>;

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().int() });
const Refused = z.object({ errcode: z.number() });
/** Every answer that is one carries an errcode, 0 or none for a success. */
const Answer = z.looseObject({ errcode: z.number().optional() });
export type WeChatAnswer = z.infer<typeof Answer>;

/**
 * One call that wants an access_token. A token that WeChat no longer takes is fetched anew, once.
 * @returns WeChat's answer, its errcode for the caller to judge
 * @throws AppError THIRD_PARTY when WeChat does not answer, or refuses our app
 */
export async function callWeChat(
  ctx: Needs,
  app: WeChatApp,
  path: string,
  json: unknown,
): Promise<WeChatAnswer> {
  const token = await accessToken(ctx, app);
  const answer = await call(ctx, token, path, json);
  if (!STALE.has(answer.errcode ?? 0)) return answer;
  return call(ctx, await replaceToken(ctx, app, token), path, json);
}

async function call(ctx: Needs, token: string, path: string, json: unknown): Promise<WeChatAnswer> {
  const parsed = Answer.safeParse(
    parseReply(await askWeChat(ctx.config, path, { access_token: token }, json)),
  );
  if (!parsed.success) throw new AppError('THIRD_PARTY');
  return parsed.data;
}

async function accessToken(ctx: Needs, app: WeChatApp): Promise<string> {
  return (await cached(ctx, app)) ?? fetchToken(ctx, app);
}

/** Another node may have replaced it already: then theirs is taken. */
async function replaceToken(ctx: Needs, app: WeChatApp, stale: string): Promise<string> {
  const now = await cached(ctx, app);
  return now !== null && now !== stale ? now : fetchToken(ctx, app);
}

const keyOf = (ctx: Needs, app: WeChatApp) => `${ctx.config.KEY_PREFIX}:{wechat}:token:${app.appid}`;
const belonging = (app: WeChatApp) => ['redis', 'wechatToken', app.appid, app.institution] as const;

async function cached(ctx: Needs, app: WeChatApp): Promise<string | null> {
  if (!isRedisUp(ctx.redis)) return null;
  try {
    const held = await ctx.redis.get(keyOf(ctx, app));
    return held === null ? null : ctx.keyring.unwrap(Buffer.from(held, 'base64'), belonging(app)).toString();
  } catch (error) {
    // Redis just went away, or what is there is another installation's: a new one is fetched.
    ctx.log.debug({ err: String(error) }, 'wechat token');
    return null;
  }
}

async function fetchToken(ctx: Needs, app: WeChatApp): Promise<string> {
  const reply = parseReply(
    await askWeChat(
      ctx.config,
      '/cgi-bin/stable_token',
      {},
      {
        grant_type: 'client_credential',
        appid: app.appid,
        secret: app.secret,
      },
    ),
  );
  const granted = Granted.safeParse(reply);
  if (!granted.success) {
    const refused = Refused.safeParse(reply);
    const errcode = refused.success ? String(refused.data.errcode) : 'unknown';
    ctx.log.error({ appid: app.appid, errcode }, 'WeChat refuses our app: check WECHAT_APPS');
    throw new AppError('THIRD_PARTY', { cause: new Error(`WeChat errcode ${errcode}`) });
  }
  const { access_token: token, expires_in: seconds } = granted.data;
  await keep(ctx, app, token, seconds - MARGIN_S);
  return token;
}

async function keep(ctx: Needs, app: WeChatApp, token: string, seconds: number): Promise<void> {
  if (seconds <= 0 || !isRedisUp(ctx.redis)) return;
  const sealed = seal(ctx.keyring.master, Buffer.from(token), belonging(app)).toString('base64');
  await ctx.redis.set(keyOf(ctx, app), sealed, 'EX', seconds).catch((error: unknown) => {
    ctx.log.debug({ err: String(error) }, 'wechat token not kept');
  });
}
