/**
 * Tencent IM's REST API v4. HTTP says 200 whatever happens: ErrorCode decides, and one table says what to do about
 * it. Addresses carry the administrator's signature: they never reach a log or an error.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ImConfig } from '../../platform/config.js';
import type { Logger } from '../../platform/log.js';
import type { Clock } from '../../platform/clock.js';
import { userSig } from './user-sig.js';

/** Tencent's own limit is 3 s. */
const TIMEOUT_MS = 5_000;
const ADMIN_SIG_SECONDS = 24 * 60 * 60;
const BACKOFF_MS = [200, 600, 1_800];

const Reply = z.looseObject({
  ActionStatus: z.string(),
  ErrorCode: z.number(),
  ErrorInfo: z.string().default(''),
});
export type ImRestReply = z.infer<typeof Reply>;

/** What a call failed with; `code` is Tencent's, null when there was no answer. */
export class ImRestError extends Error {
  readonly code: number | null;
  /** Whether the same call may succeed later by itself. */
  readonly transient: boolean;
  constructor(code: number | null, transient: boolean) {
    super(code === null ? 'Tencent IM did not answer' : `Tencent IM error ${String(code)}`);
    this.code = code;
    this.transient = transient;
  }
}

type Remedy = 'new-sig' | 'retry' | 'slow-down' | 'import' | 'alarm' | 'content' | 'bug';

/** Error codes of Tencent's table and what they call for. */
const REMEDIES: [Remedy, number[]][] = [
  ['new-sig', [70001, 70052]],
  ['alarm', [70002, 70003, 70005, 70009, 70013, 70014, 70020, 60010, 70403, 90009, 70398]],
  ['import', [70107, 20003, 90012, 90048, 10019]],
  ['retry', [70169, 70202, 70500, 60008, 60014, 20004, 20005, 90992, 90994, 90995, 91000, 10002]],
  ['slow-down', [60007, 60011, 60018, 60019, 70050]],
  ['content', [80001, 80002, 93000, 20006, 20009, 20010, 20011, 20012]],
];
const REMEDY = new Map(REMEDIES.flatMap(([remedy, codes]) => codes.map((code) => [code, remedy] as const)));

export interface ImRest {
  /**
   * @param accounts imported once when Tencent does not know one of them, before one more try
   * @throws ImRestError
   */
  call(command: string, body: Record<string, unknown>, accounts?: string[]): Promise<ImRestReply>;
}

/** @param im where to, and as whom; an administrator's signature is made once and kept well under its end */
export function createImRest(deps: { im: ImConfig; clock: Clock; log: Logger }): ImRest {
  const { im, clock, log } = deps;
  let sig: { value: string; until: number } | null = null;

  function adminSig(): string {
    if (sig && clock.now() < sig.until) return sig.value;
    const value = userSig(im, im.admin, ADMIN_SIG_SECONDS);
    sig = { value, until: clock.now() + (ADMIN_SIG_SECONDS * 1_000) / 2 };
    return value;
  }

  async function once(command: string, body: Record<string, unknown>): Promise<ImRestReply> {
    const url = new URL(`/v4/${command}`, im.url || 'https://console.tim.qq.com');
    url.search = new URLSearchParams({
      sdkappid: String(im.sdkAppId),
      identifier: im.admin,
      usersig: adminSig(),
      random: String(randomInt(2 ** 32)),
      contenttype: 'json',
    }).toString();
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return Reply.parse(await response.json());
    } catch {
      throw new ImRestError(null, true);
    }
  }

  async function call(
    command: string,
    body: Record<string, unknown>,
    accounts: string[] = [],
  ): Promise<ImRestReply> {
    const spent = { sig: false, imported: false };
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= BACKOFF_MS.length;
      const wait = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 0;
      let reply: ImRestReply;
      try {
        reply = await once(command, body);
      } catch (error) {
        if (last) throw error;
        await pause(wait);
        continue;
      }
      if (reply.ErrorCode === 0) return reply;
      const code = reply.ErrorCode;
      const remedy = REMEDY.get(code) ?? 'bug';
      if (remedy === 'new-sig' && !spent.sig) {
        spent.sig = true;
        sig = null;
      } else if (remedy === 'import' && !spent.imported && accounts.length > 0) {
        spent.imported = true;
        for (const UserID of accounts) await call('im_open_login_svc/account_import', { UserID });
      } else if (remedy === 'retry' && !last) await pause(wait);
      else {
        if (remedy === 'alarm') log.error({ code, command }, 'Tencent IM refuses our set-up: check IM_*');
        throw new ImRestError(code, remedy === 'retry' || remedy === 'slow-down');
      }
    }
  }
  return { call };
}
