/** What the environment may hold. docs/configuration.md is made from this: `npm run configuration`. */
import { z } from 'zod';

/** Stands for no bound. */
export const MOST = 1e9;

const flag = z
  .enum(['1', '0', 'true', 'false', ''])
  .transform((value) => value === '1' || value === 'true')
  .optional();
/** @param unit for docs/configuration.md */
const integer = (unit: string, standard: number, min = 0, max = MOST) =>
  z.coerce.number().int().min(min).max(max).default(standard).meta({ unit });

/** Each key with what it is for; docs and .env.example are held to this list by tests. */
export const ENV = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production makes no secrets up and refuses the demo'),
  HOTLINE_DATA: z.string().default('.data/main').describe('Data folder of this installation'),
  MONGODB_URL: z.string().default('').describe('MongoDB replica set'),
  REDIS_URL: z.string().default('').describe('Redis 7 or newer, AOF on, noeviction'),
  MONGO_ENGINE: z.string().default('').describe('Name and version of the database, for the log and /health'),
  REDIS_ENGINE: z.string().default('').describe('Name and version of Redis, for the log and /health'),
  MONGO_POOL: integer('connections', 20, 1, 500).describe('Connections to MongoDB'),
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
  DATA_KEY_PREVIOUS: z
    .string()
    .default('')
    .describe('The DATA_KEY of before, while a rotation runs: it opens, and wraps nothing'),
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
  CODES_PER_DAY: integer('a day', 10, 1).describe(
    'Verification codes an account and day, at most one a minute',
  ),
  CODES_PER_ADDRESS: integer('an hour', 60, 1).describe('Verification codes an address and hour'),
  LOGIN_FAILURES: integer('in 15 min', 10, 1).describe(
    'Failed log-ins of a name and address within 15 minutes',
  ),
  UPLOADS_PER_HOUR: integer('an hour', 120, 1).describe('Pictures, files and voice notes a person and hour'),
  RETURN_FAILURES: integer('in 15 min', 1_200, 1).describe('Wrong return codes an address and 15 minutes'),
  GUEST_PER_HOUR: integer('an hour', 300, 1).describe('New guests an address and hour'),
  SOCKET_EVENTS_PER_10S: integer('in 10 s', 120, 1).describe('Events a socket may send in 10 seconds'),
  DEADLINE_CONCURRENCY: integer('at once', 20, 1, 500).describe('Deadlines that one worker handles at once'),
  NOTICE_CONCURRENCY: integer('at once', 10, 1, 200).describe(
    'Receivers of notices that one worker serves at once',
  ),
  IM_CONCURRENCY: integer('at once', 10, 1, 200).describe(
    'Conversations that one worker copies to Tencent IM at once',
  ),
  METRICS_TOKEN: z
    .string()
    .default('')
    .describe('Bearer token for /metrics; empty: system admins who are signed in, and nobody else'),
  WEBHOOK_PRIVATE: flag.describe(
    'Lets webhooks reach http and private addresses; for development, refused in production',
  ),
  EXPORT_CONCURRENCY: integer('at once', 2, 1, 50).describe('Exports that one worker builds at once'),
  EXPORT_LEASE_MS: integer('ms', 15_000, 1_000, 600_000).describe(
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
  ARGON2_MEMORY: integer('KiB', 19_456, 8).describe('Cost of a password hash: memory'),
  ARGON2_TIME: integer('passes', 2, 1).describe('Cost of a password hash: time'),
  POLLING: flag.describe('Allow Socket.IO’s polling transport for others’ clients; on by default'),
  FAILPOINTS: z.string().default('').describe('Tests only'),
});
export type Env = z.infer<typeof ENV>;

/** Secrets that production must be given; elsewhere they are made once and kept in the data folder. */
export const MADE_UP = ['JWT_SECRET', 'PEPPER', 'DATA_KEY'] as const satisfies (keyof Env)[];

export const REFUSED_IN_PRODUCTION = [
  'DEMO',
  'WEBHOOK_PRIVATE',
  'FAILPOINTS',
] as const satisfies (keyof Env)[];

/** Keys without which another one is of no use. */
export const BESIDE: readonly { name: keyof Env; beside: keyof Env; inProduction?: true }[] = [
  { name: 'IM_SECRET_KEY', beside: 'IM_SDK_APP_ID', inProduction: true },
  { name: 'IM_CALLBACK_TOKEN', beside: 'IM_SDK_APP_ID', inProduction: true },
  { name: 'SMTP_FROM', beside: 'SMTP_URL' },
  { name: 'SMS_SECRET_KEY', beside: 'SMS_SECRET_ID' },
  { name: 'SMS_APP_ID', beside: 'SMS_SECRET_ID' },
  { name: 'SMS_SIGN', beside: 'SMS_SECRET_ID' },
  { name: 'SMS_TEMPLATE', beside: 'SMS_SECRET_ID' },
  { name: 'S3_ACCESS_KEY', beside: 'S3_URL' },
  { name: 'S3_SECRET_KEY', beside: 'S3_URL' },
];
