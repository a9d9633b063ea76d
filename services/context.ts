/** What every service is given: no module-level singletons, so one test process can hold two nodes. */
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Role } from '../contract/enums.js';
import type { JobName, Jobs } from '../contract/jobs.js';
import type { Models } from '../models/index.js';
import type { Bus } from '../platform/bus.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import type { Keyring } from '../platform/keyring.js';
import type { Logger } from '../platform/log.js';
import type { CutoffReader } from './account/cutoff.js';
import type { SessionCache } from './account/session-cache.js';
import type { AuditLog } from './audit/audit.js';
import type { ConversationCache } from './conversation/cache.js';
import type { DomainEvent } from './events.js';
import type { FileStore } from './files/store.js';
import type { ImRest } from './im/rest.js';
import type { Limits } from './limits.js';
import type { Mailer } from './mail/mailer.js';
import type { Admissions } from './matchmaking/admit.js';
import type { Arrivals } from './message/arrivals.js';
import type { Journal } from './message/journal.js';
import type { PolicyCache } from './policy/policy.js';
import type { KeyStore } from './seal/keys.js';
import type { SmsSender } from './sms/sender.js';

/** Who is calling, from the session and never from the request's body. */
export interface Actor {
  id: string;
  userID: number;
  role: Role;
  institution: string;
  name: string | null;
  /** The session row that carries the call. */
  session: string;
}

/** Wakes a deadline; MongoDB holds it, so losing one costs at most a sweep. */
export interface DeadlineWaker {
  wake(conversation: string, kind: string, at: Date): Promise<void>;
}

/** How the jobs of one queue stand. */
export interface QueueFigures {
  name: JobName;
  /** By state: waiting, active, delayed, failed. */
  counts: Record<string, number>;
  /** Seconds that the oldest waiting job has waited; 0 when none does. */
  oldestSeconds: number;
}

/** Work beside a row that MongoDB holds. Never waits for Redis: a job that is lost is found by a sweeper. */
export interface JobQueue {
  /**
   * @param options.id jobs of one id are one job while it is waiting or running; no colon
   * @param options.delayMs not before that much time
   */
  add<Name extends JobName>(name: Name, payload: Jobs[Name], options: { id: string; delayMs?: number }): void;
  /** How each queue stands; none while Redis is away. */
  figures(): Promise<QueueFigures[]>;
}

export interface Ctx {
  config: Config;
  clock: Clock;
  log: Logger;
  /** Names this process on the bus and in logs. */
  node: string;
  mongo: Connection;
  models: Models;
  redis: Redis;
  keyring: Keyring;
  bus: Bus<DomainEvent>;
  keys: KeyStore;
  journal: Journal;
  arrivals: Arrivals;
  cutoffs: CutoffReader;
  sessions: SessionCache;
  conversations: ConversationCache;
  policies: PolicyCache;
  admissions: Admissions;
  limits: Limits;
  audit: AuditLog;
  waker: DeadlineWaker;
  /** Tencent IM's REST API; null where it is not set up. */
  im: ImRest | null;
  jobs: JobQueue;
  files: FileStore;
  /** null where none is set up: outside production the development outbox keeps what would have been sent. */
  mail: Mailer | null;
  sms: SmsSender | null;
}
