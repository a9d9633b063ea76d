/** The only place that reads the environment. Bad values are listed together and stop the start. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BESIDE, ENV, MADE_UP, REFUSED_IN_PRODUCTION, type Env } from './env.js';

/** Tencent IM as this installation uses it. */
export interface ImConfig {
  sdkAppId: number;
  secretKey: string;
  admin: string;
  callbackToken: string;
  url: string;
  /** Whether messages of the built-in channel are copied there. */
  mirror: boolean;
}

/** The documented example's app, so that the demo answers the document's own calls; the key is Tencent's sample. */
const DEMO_IM = {
  sdkAppId: 1_400_513_208,
  secretKey: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e',
} as const;

export interface Config extends Omit<Env, 'DEMO' | 'POLLING' | 'FACES' | 'IM_MIRROR'> {
  production: boolean;
  demo: boolean;
  polling: boolean;
  faces: ReadonlySet<'server' | 'realtime' | 'worker'>;
  /** Cookies carry Secure and the __Host- prefix. */
  https: boolean;
  origins: string[];
  wechatApps: { appid: string; secret: string; institution: string }[];
  /** appid → the subscribe message that a counselor is ready. */
  wechatReady: ReadonlyMap<string, { template: string; text: string; time: string }>;
  /** Notice → the approved template of its text message. */
  smsNotices: ReadonlyMap<string, string>;
  /** null = Tencent IM is not set up. */
  im: ImConfig | null;
}

/** A start that cannot go on; the message lists every fault. */
export class ConfigError extends Error {}

/** Secrets of an installation that was given none: made once, kept 0600 in the data folder, never in production. */
function localSecrets(folder: string): Record<(typeof MADE_UP)[number], string> {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof localSecrets>;
  const made = Object.fromEntries(
    MADE_UP.map((name) => [name, randomBytes(32).toString('base64')]),
  ) as ReturnType<typeof localSecrets>;
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(made, null, 2), { mode: 0o600, flush: true });
  chmodSync(temporary, 0o600);
  // Another process of the same start may have been quicker: the file that is there wins.
  if (!existsSync(file)) renameSync(temporary, file);
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof localSecrets>;
}

/**
 * @param source usually process.env
 * @throws ConfigError listing every fault
 */
export function loadConfig(source: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = ENV.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  const env = parsed.data;
  const production = env.NODE_ENV === 'production';
  const faults: string[] = [];
  if (!env.MONGODB_URL) faults.push('MONGODB_URL is missing');
  if (!env.REDIS_URL) faults.push('REDIS_URL is missing');
  const demo = env.DEMO ?? !production;
  if (production) {
    for (const name of MADE_UP) if (!env[name]) faults.push(`${name} is missing: production makes none up`);
    if (demo) faults.push('DEMO=1 is refused in production');
    for (const name of REFUSED_IN_PRODUCTION)
      if (name !== 'DEMO' && env[name]) faults.push(`${name} is refused in production`);
    if (!env.PUBLIC_URL) faults.push('PUBLIC_URL is missing');
    if (/127\.0\.0\.1|localhost/.test(env.WECHAT_URL)) faults.push('WECHAT_URL names a stand-in');
    if (/127\.|localhost|\[::1\]|0\.0\.0\.0/.test(env.IM_URL)) faults.push('IM_URL names a stand-in');
    if (/127\.0\.0\.1|localhost/.test(env.SMS_URL)) faults.push('SMS_URL names a stand-in');
  } else {
    const missing = MADE_UP.filter((name) => !env[name]);
    if (missing.length > 0) {
      const made = localSecrets(env.HOTLINE_DATA);
      for (const name of missing) env[name] = made[name];
    }
  }
  if (env.IM_PROVIDER === 'tencent' && (env.IM_SDK_APP_ID === undefined || !env.IM_SECRET_KEY))
    faults.push('IM_PROVIDER=tencent wants IM_SDK_APP_ID and IM_SECRET_KEY');
  for (const name of ['DATA_KEY', 'DATA_KEY_PREVIOUS'] as const)
    if (env[name] && Buffer.from(env[name], 'base64').length !== 32)
      faults.push(`${name} must be 32 bytes in base64`);
  if (env.JWT_SECRET && env.JWT_SECRET.length < 32)
    faults.push('JWT_SECRET must have at least 32 characters');
  for (const { name, beside, inProduction } of BESIDE)
    if (env[beside] && !env[name] && (production || !inProduction))
      faults.push(`${name} is missing beside ${beside}`);
  const wechatApps = env.WECHAT_APPS.split(',')
    .filter(Boolean)
    .map((entry) => {
      const [appid = '', secret = '', institution = ''] = entry.split(':');
      if (!appid || !secret) faults.push('WECHAT_APPS wants appid:secret:institutionCode');
      return { appid, secret, institution: institution || env.DEFAULT_INSTITUTION };
    });
  const smsNotices = env.SMS_NOTICES.split(',')
    .filter(Boolean)
    .map((entry): [string, string] => {
      const [notice = '', template = ''] = entry.trim().split(':');
      if (!notice || !template) faults.push('SMS_NOTICES wants notice:templateId');
      return [notice, template];
    });
  const faces = new Set(env.FACES.split(',').map((face) => face.trim()));
  for (const face of faces)
    if (!['server', 'realtime', 'worker'].includes(face)) faults.push(`FACES: unknown face ${face}`);
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  const { DEMO: _demo, POLLING: _polling, FACES: _faces, IM_MIRROR: _mirror, ...rest } = env;
  return {
    ...rest,
    production,
    demo,
    polling: env.POLLING ?? true,
    faces: faces as Config['faces'],
    https: env.PUBLIC_URL.startsWith('https:'),
    origins: [env.PUBLIC_URL, ...env.ALLOWED_ORIGINS.split(',')]
      .filter(Boolean)
      .map((url) => new URL(url).origin),
    wechatApps,
    wechatReady: readyTemplates(env.WECHAT_READY_TEMPLATES),
    smsNotices: new Map(smsNotices),
    im: imOf(env, demo),
    LOG_LEVEL: env.LOG_LEVEL || (env.NODE_ENV === 'test' ? 'silent' : 'info'),
  };
}

function readyTemplates(text: string): Config['wechatReady'] {
  return new Map(
    text.split(',').flatMap((entry) => {
      const [appid, template, thing, time] = entry.trim().split(':');
      return appid && template ? [[appid, { template, text: thing || 'thing1', time: time || 'time2' }]] : [];
    }),
  );
}

function imOf(env: Env, demo: boolean): ImConfig | null {
  const common = { admin: env.IM_ADMIN, callbackToken: env.IM_CALLBACK_TOKEN, url: env.IM_URL };
  if (env.IM_SDK_APP_ID !== undefined && env.IM_SECRET_KEY) {
    const own = { sdkAppId: env.IM_SDK_APP_ID, secretKey: env.IM_SECRET_KEY };
    return { ...own, ...common, mirror: env.IM_MIRROR ?? true };
  }
  // The demo mirrors only to where it was told to: nothing of it leaves the machine by itself.
  return demo ? { ...DEMO_IM, ...common, mirror: (env.IM_MIRROR ?? false) && env.IM_URL !== '' } : null;
}
