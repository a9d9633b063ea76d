/** The only place that reads the environment. Bad values are listed together and stop the start. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const flag = z
  .enum(['1', '0', 'true', 'false', ''])
  .transform((value) => value === '1' || value === 'true')
  .optional();
const integer = (standard: number, min = 0, max = 1e9) =>
  z.coerce.number().int().min(min).max(max).default(standard);

/** Each key with what it is for; docs and .env.example are held to this list by a test. */
export const ENV = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOTLINE_DATA: z.string().default('.data/main').describe('Data folder of this installation'),
  MONGODB_URL: z.string().default('').describe('MongoDB replica set'),
  REDIS_URL: z.string().default('').describe('Redis 7 or newer, AOF on, noeviction'),
  MONGO_ENGINE: z.string().default('').describe('Name and version of the database, for the log and /health'),
  REDIS_ENGINE: z.string().default('').describe('Name and version of Redis, for the log and /health'),
  MONGO_POOL: integer(20, 1, 500).describe('Connections to MongoDB'),
  DATABASE: z.string().default('hotline').describe('Database name where MONGODB_URL names none'),
  KEY_PREFIX: z.string().default('hl').describe('First part of every Redis key and channel'),
  PORT: z.coerce.number().int().min(0).max(65535).optional().describe('Default 3000 or the next free one'),
  HOST: z.string().default('127.0.0.1').describe('0.0.0.0 lets phones of the same network in'),
  PUBLIC_URL: z.string().default('').describe('The address that users see; cookies and the Origin check'),
  ALLOWED_ORIGINS: z.string().default('').describe('Further origins, comma separated'),
  TRUST_PROXY: z.string().default('').describe('Express trust proxy setting'),
  DEMO: flag.describe('Demo data; on by default outside production'),
  FACES: z.string().default('server,realtime,worker').describe('Which faces this process runs'),
  LOG_LEVEL: z.string().default('').describe('pino level'),
  JWT_SECRET: z.string().default('').describe('Signs session tokens; 32 bytes or more'),
  PEPPER: z.string().default('').describe('Keyed into password hashes; outside the database'),
  DATA_KEY: z.string().default('').describe('Master key, 32 bytes in base64; wraps the institutions’ keys'),
  ADMIN_PASSWORD: z.string().default('').describe('First system admin’s password in production'),
  DEFAULT_INSTITUTION: z.string().default('ecnu').describe('Institution of whoever names none'),
  WECHAT_URL: z
    .string()
    .default('')
    .describe('WeChat’s API; empty: api.weixin.qq.com, or the stand-in in demo mode'),
  WECHAT_APPS: z.string().default('').describe('appid:secret:institutionCode, comma separated'),
  WECHAT_READY_TEMPLATES: z
    .string()
    .default('')
    .describe('appid:templateId:textField:timeField, comma separated: the notice that a counselor is ready'),
  WECHAT_READY_PAGE: z.string().default('').describe('Mini-program page that this notice opens; empty: none'),
  IM_SDK_APP_ID: z.coerce.number().int().optional().describe('Tencent IM SDKAppID'),
  IM_SECRET_KEY: z
    .string()
    .default('')
    .describe('Key of that SDKAppID; signs UserSigs and never leaves the server'),
  IM_ADMIN: z
    .string()
    .regex(/^[\w-]{1,32}$/)
    .default('administrator')
    .describe('Administrator account of that SDKAppID, for the REST API'),
  IM_CALLBACK_TOKEN: z.string().max(128).default('').describe('Authentication token of Tencent’s callbacks'),
  IM_URL: z.string().default('').describe('Tencent IM’s REST API; empty: console.tim.qq.com (China)'),
  IM_PROVIDER: z
    .enum(['built-in', 'tencent'])
    .default('built-in')
    .describe('tencent: our own pages listen to Tencent IM too; wants IM_SDK_APP_ID'),
  IM_MIRROR: flag.describe(
    'Copies the built-in channel’s messages to Tencent IM; on by default beside IM_SECRET_KEY',
  ),
  SMTP_URL: z
    .string()
    .default('')
    .describe('smtp(s)://user:password@host:port; empty: the development outbox'),
  SMTP_FROM: z.string().default('').describe('Sender of e-mails, such as 心院热线 <no-reply@example.edu>'),
  SMS_SECRET_ID: z.string().default('').describe('Tencent Cloud SecretId; empty: the development outbox'),
  SMS_SECRET_KEY: z.string().default('').describe('Tencent Cloud SecretKey'),
  SMS_APP_ID: z.string().default('').describe('SmsSdkAppId of Tencent Cloud SMS'),
  SMS_SIGN: z.string().default('').describe('Approved signature of the SMS'),
  SMS_TEMPLATE: z
    .string()
    .default('')
    .describe('Template id; its first parameter is the code, its second the minutes'),
  SMS_NOTICES: z
    .string()
    .default('')
    .describe(
      'notice:templateId, comma separated: approved templates without parameters, for notices by SMS',
    ),
  SMS_REGION: z.string().default('ap-guangzhou').describe('Tencent Cloud region'),
  SMS_URL: z.string().default('').describe('Other address of the SMS API; empty: Tencent Cloud’s own'),
  S3_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('Bucket of an S3-compatible store for uploaded files; empty: the data folder'),
  S3_REGION: z.string().default('us-east-1').describe('Region of that bucket'),
  S3_ACCESS_KEY: z.string().default('').describe('Access key id of that bucket'),
  S3_SECRET_KEY: z.string().default('').describe('Secret access key of that bucket'),
  CODES_PER_DAY: integer(10, 1).describe('Verification codes an account and day, at most one a minute'),
  CODES_PER_ADDRESS: integer(60, 1).describe('Verification codes an address and hour'),
  LOGIN_FAILURES: integer(10, 1).describe('Failed log-ins of a name and address within 15 minutes'),
  UPLOADS_PER_HOUR: integer(120, 1).describe('Pictures, files and voice notes a person and hour'),
  GUEST_PER_HOUR: integer(300, 1).describe('New guests an address and hour'),
  SOCKET_EVENTS_PER_10S: integer(120, 1).describe('Events a socket may send in 10 seconds'),
  DEADLINE_CONCURRENCY: integer(20, 1, 500).describe('Deadlines that one worker handles at once'),
  NOTICE_CONCURRENCY: integer(10, 1, 200).describe('Receivers of notices that one worker serves at once'),
  IM_CONCURRENCY: integer(10, 1, 200).describe('Conversations that one worker copies to Tencent IM at once'),
  METRICS_TOKEN: z
    .string()
    .default('')
    .describe('Bearer token for /metrics; empty: system admins who are signed in, and nobody else'),
  WEBHOOK_PRIVATE: flag.describe(
    'Lets webhooks reach http and private addresses; for development, refused in production',
  ),
  EXPORT_CONCURRENCY: integer(2, 1, 50).describe('Exports that one worker builds at once'),
  EXPORT_LEASE_MS: integer(15_000, 1_000, 600_000).describe(
    'How long a silent worker keeps an export before another takes it up',
  ),
  EXPORT_DIR: z
    .string()
    .default('')
    .describe('Finished exports, sealed; shared by workers and servers; empty: exports in the data folder'),
  PDF_FONT: z
    .string()
    .default('')
    .describe('Font file for PDF exports, with #PostScriptName for a collection; empty: one that is found'),
  ARGON2_MEMORY: integer(19_456, 8).describe('KiB'),
  ARGON2_TIME: integer(2, 1).describe('Passes'),
  POLLING: flag.describe('Allow Socket.IO’s polling transport for others’ clients; on by default'),
  FAILPOINTS: z.string().default('').describe('Tests only'),
});
type Env = z.infer<typeof ENV>;

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

const SECRETS = ['JWT_SECRET', 'PEPPER', 'DATA_KEY'] as const;

/** Secrets of an installation that was given none: made once, kept 0600 in the data folder, never in production. */
function localSecrets(folder: string): Record<(typeof SECRETS)[number], string> {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof localSecrets>;
  const made = Object.fromEntries(
    SECRETS.map((name) => [name, randomBytes(32).toString('base64')]),
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
    for (const name of SECRETS) if (!env[name]) faults.push(`${name} is missing: production makes none up`);
    if (demo) faults.push('DEMO=1 is refused in production');
    if (env.WEBHOOK_PRIVATE) faults.push('WEBHOOK_PRIVATE is refused in production');
    if (env.FAILPOINTS) faults.push('FAILPOINTS is refused in production');
    if (!env.PUBLIC_URL) faults.push('PUBLIC_URL is missing');
    if (/127\.0\.0\.1|localhost/.test(env.WECHAT_URL)) faults.push('WECHAT_URL names a stand-in');
    if (/127\.|localhost|\[::1\]|0\.0\.0\.0/.test(env.IM_URL)) faults.push('IM_URL names a stand-in');
    if (env.IM_SDK_APP_ID !== undefined) {
      for (const name of ['IM_SECRET_KEY', 'IM_CALLBACK_TOKEN'] as const)
        if (!env[name]) faults.push(`${name} is missing beside IM_SDK_APP_ID`);
    }
    if (/127\.0\.0\.1|localhost/.test(env.SMS_URL)) faults.push('SMS_URL names a stand-in');
  } else {
    const missing = SECRETS.filter((name) => !env[name]);
    if (missing.length > 0) {
      const made = localSecrets(env.HOTLINE_DATA);
      for (const name of missing) env[name] = made[name];
    }
  }
  if (env.IM_PROVIDER === 'tencent' && (env.IM_SDK_APP_ID === undefined || !env.IM_SECRET_KEY))
    faults.push('IM_PROVIDER=tencent wants IM_SDK_APP_ID and IM_SECRET_KEY');
  if (env.DATA_KEY && Buffer.from(env.DATA_KEY, 'base64').length !== 32)
    faults.push('DATA_KEY must be 32 bytes in base64');
  if (env.JWT_SECRET && env.JWT_SECRET.length < 32)
    faults.push('JWT_SECRET must have at least 32 characters');
  if (env.SMTP_URL && !env.SMTP_FROM) faults.push('SMTP_FROM is missing beside SMTP_URL');
  if (env.SMS_SECRET_ID) {
    for (const name of ['SMS_SECRET_KEY', 'SMS_APP_ID', 'SMS_SIGN', 'SMS_TEMPLATE'] as const)
      if (!env[name]) faults.push(`${name} is missing beside SMS_SECRET_ID`);
  }
  if (env.S3_URL) {
    for (const name of ['S3_ACCESS_KEY', 'S3_SECRET_KEY'] as const)
      if (!env[name]) faults.push(`${name} is missing beside S3_URL`);
  }
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
