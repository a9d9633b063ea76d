import { randomUUID } from 'node:crypto';
import { buildModels } from '../models/index.js';
import { createBus } from '../platform/bus.js';
import { systemClock, type Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { createLog } from '../platform/log.js';
import { connectMongo } from '../platform/mongo.js';
import { connectRedis } from '../platform/redis.js';
import { createCutoffReader } from './account/cutoff.js';
import { createSessionCache } from './account/session-cache.js';
import { createAuditLog } from './audit/audit.js';
import type { Ctx, DeadlineWaker, JobQueue } from './context.js';
import { createConversationCache } from './conversation/cache.js';
import type { DomainEvent } from './events.js';
import { createFileStore } from './files/store.js';
import { startMirror } from './im/mirror.js';
import { createImRest } from './im/rest.js';
import { createLimits } from './limits.js';
import { createMailer } from './mail/mailer.js';
import { createAdmissions } from './matchmaking/admit.js';
import { createArrivals } from './message/arrivals.js';
import { createJournal } from './message/journal.js';
import { startFollowing } from './order/follow.js';
import { createPolicyCache } from './policy/policy.js';
import { openKeyring } from './seal/index-key.js';
import { createKeyStore } from './seal/keys.js';
import { createSmsSender } from './sms/sender.js';

/** A node's services and how to end them. */
export interface Node {
  ctx: Ctx;
  /** Finishes what is in flight, then closes Redis and MongoDB, in this order. */
  close(): Promise<void>;
}

/** For commands: what they leave to be done is found by the workers' sweeps. */
const NO_QUEUE: JobQueue = { add: () => undefined, figures: () => Promise.resolve([]) };

/**
 * Connects one node: any number of them may run in one process, sharing nothing but the servers.
 * @throws MongooseServerSelectionError when no database answers; ConfigError when DATA_KEY is not this database's
 */
export async function createNode(
  config: Config,
  options: { waker: DeadlineWaker; jobs?: JobQueue; clock?: Clock; name?: string },
): Promise<Node> {
  const clock = options.clock ?? systemClock;
  const node = options.name ?? randomUUID().slice(0, 8);
  const log = createLog(config.LOG_LEVEL, node);
  const mongo = await connectMongo(config.MONGODB_URL, config.DATABASE, config.MONGO_POOL);
  const models = buildModels(mongo);
  const keyring = await openKeyring(models, config).catch(async (error: unknown) => {
    await mongo.close();
    throw error;
  });
  const redis = connectRedis(config.REDIS_URL, log);
  const bus = createBus<DomainEvent>({
    url: config.REDIS_URL,
    channel: `${config.KEY_PREFIX}:bus`,
    node,
    log,
  });
  const cutoffs = createCutoffReader({ models, clock, log, bus });
  const partial = {
    config,
    clock,
    log,
    node,
    mongo,
    models,
    redis,
    keyring,
    bus,
    cutoffs,
    keys: createKeyStore({ models, keyring, clock }),
    journal: createJournal({ models, clock, log, bus }),
    arrivals: createArrivals(bus),
    sessions: createSessionCache({ models, clock, config, cutoffs, log }),
    conversations: createConversationCache({ models, bus, clock }),
    policies: createPolicyCache({ models, clock }),
    limits: createLimits({ redis, config }),
    audit: createAuditLog({ models, clock }),
    waker: options.waker,
    im: config.im && createImRest({ im: config.im, clock, log }),
    jobs: options.jobs ?? NO_QUEUE,
    files: createFileStore(config),
    mail: createMailer(config),
    sms: createSmsSender(config),
  };
  const ctx: Ctx = { ...partial, admissions: createAdmissions(partial) };
  // A destroyed key is forgotten by every node, whichever faces it has.
  cutoffs.onRaised(({ subject, ref }) => {
    if (subject === 'key') ctx.keys.drop(ref);
  });
  startMirror(ctx);
  startFollowing(ctx);
  await cutoffs.start();
  return {
    ctx,
    async close() {
      await ctx.journal.close();
      await cutoffs.stop();
      await bus.close();
      ctx.mail?.close();
      redis.disconnect();
      await mongo.close();
    },
  };
}
