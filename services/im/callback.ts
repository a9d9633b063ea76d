/**
 * The door for Tencent's callbacks. Its signature covers neither body nor command: it proves a recent caller who
 * knows the token, no more. So whatever a body claims is checked against what is stored.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ImReply } from '../../contract/im.js';
import type { ImConfig } from '../../platform/config.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import { runCommand, UnreadableCallback } from './commands.js';
import { keepDeadLetter } from './dead-letters.js';

export interface Callback {
  /** Names in lower case. */
  query: Partial<Record<string, string>>;
  /** As it came. */
  body: string;
}

const WINDOW_S = 60;
const OK: ImReply = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const fail = (words: string): ImReply => ({ ActionStatus: 'FAIL', ErrorInfo: words, ErrorCode: 1 });

/** Never throws: whatever happens is one of Tencent's own replies. */
export async function receiveCallback(ctx: Ctx, callback: Callback): Promise<ImReply> {
  const { im } = ctx.config;
  const refusal = im ? notGenuine(im, callback.query, ctx.clock.now()) : 'not-configured';
  if (refusal !== null) {
    ctx.log.warn({ refusal }, 'im callback refused');
    await count(ctx, refusal);
    return fail('callback refused');
  }
  // The console checks an address without saying anything.
  if (callback.body.trim() === '') return OK;
  const named = callback.query.callbackcommand;
  try {
    const body = parse(callback.body);
    const command = commandOf(named, body);
    const outcome = await runCommand(ctx, command, body);
    if (outcome.kind === 'refused') return fail(outcome.message);
    if (outcome.kind === 'dead') {
      ctx.log.info(
        { command: command.slice(0, 64), reason: outcome.reason },
        'im callback kept as dead letter',
      );
      await keepDeadLetter(ctx, { command, reason: outcome.reason, body: callback.body });
    }
    return OK;
  } catch (error) {
    return failed(ctx, named ?? 'unknown', callback.body, error);
  }
}

/** Why it is not Tencent speaking to us; null = it is. */
function notGenuine(im: ImConfig, query: Callback['query'], now: number): string | null {
  if (query.sdkappid !== String(im.sdkAppId)) return 'foreign-app';
  if (im.callbackToken === '') return null;
  const { sign = '', requesttime = '' } = query;
  if (!/^\d{1,12}$/.test(requesttime) || Math.abs(now / 1_000 - Number(requesttime)) > WINDOW_S)
    return 'out-of-window';
  const expected = createHash('sha256')
    .update(im.callbackToken + requesttime)
    .digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(sign) ? sign : '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : 'bad-signature';
}

function parse(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new UnreadableCallback('unreadable: no JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new UnreadableCallback('unreadable: no object');
  return body as Record<string, unknown>;
}

/** The address and the body both name it; where they differ, somebody changed one of them. */
function commandOf(named: string | undefined, body: Record<string, unknown>): string {
  const { CallbackCommand: inside } = body;
  if (inside !== undefined && typeof inside !== 'string')
    throw new UnreadableCallback('unreadable: CallbackCommand');
  const command = named ?? inside;
  if (!command || command.length > 64) throw new UnreadableCallback('unreadable: CallbackCommand');
  if (inside !== undefined && inside !== command) throw new UnreadableCallback('unreadable: two commands');
  return command;
}

/** Unreadable, or we are in trouble: kept where that is possible, so that it can be tried again. */
async function failed(ctx: Ctx, command: string, body: string, error: unknown): Promise<ImReply> {
  const unreadable = error instanceof UnreadableCallback;
  if (!unreadable) ctx.log.error({ err: error, command }, 'im callback failed');
  const before = command === 'C2C.CallbackBeforeSendMsg' && !unreadable;
  try {
    const reason = unreadable ? error.message : 'failed';
    if (!before) await keepDeadLetter(ctx, { command: command.slice(0, 64), reason, body });
  } catch (again) {
    ctx.log.error({ err: again }, 'im callback lost: the nightly reconcile fetches it');
  }
  return fail(unreadable ? error.message : '服务暂时不可用，请稍后重试。');
}

/** Refused callbacks are counted and not kept: anybody could fill a disk otherwise. */
async function count(ctx: Ctx, refusal: string): Promise<void> {
  if (!isRedisUp(ctx.redis)) return;
  await ctx.redis.hincrby(`${ctx.config.KEY_PREFIX}:{im}:refused`, refusal, 1).catch(() => undefined);
}
