/**
 * The rules that an institution set (rules.ts); what it leaves out follows DEFAULT_POLICY. Read through the cache of a
 * node; a change counts at once on the node that made it and within CACHE_MS on the others.
 */
import type { Models } from '../../models/index.js';
import type { Clock } from '../../platform/clock.js';
import { AppError, isUnavailable } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { replaceConsent } from '../consent/replace.js';
import { DEFAULT_POLICY, policySchema, type Policy } from './rules.js';

/** How long a node may go on with what it read, in milliseconds. */
const CACHE_MS = 5_000;

export interface PolicyCache {
  /** @throws whatever the database throws, when nothing was ever read and it is away */
  get(institution: string): Promise<Policy>;
  /** What this node holds of an institution is read again at the next call. */
  drop(institution: string): void;
}

interface Held {
  policy: Policy;
  /** Clock.monotonic() at which the read began. */
  readAt: number;
}

export function createPolicyCache(deps: { models: Pick<Models, 'Policy'>; clock: Clock }): PolicyCache {
  const held = new Map<string, Held>();
  /** Reads under way, so that a burst of callers costs one query. */
  const reading = new Map<string, Promise<Policy>>();

  function start(institution: string): Promise<Policy> {
    const readAt = deps.clock.monotonic();
    const read = deps.models.Policy.findById(institution)
      .lean()
      .then((row) => {
        const policy = withDefaults(row);
        // A drop while we read means that this answer may be older than the change.
        if (reading.get(institution) === read) held.set(institution, { policy, readAt });
        return policy;
      })
      .finally(() => {
        if (reading.get(institution) === read) reading.delete(institution);
      });
    reading.set(institution, read);
    return read;
  }

  return {
    async get(institution) {
      const known = held.get(institution);
      if (known !== undefined && deps.clock.monotonic() - known.readAt < CACHE_MS) return known.policy;
      try {
        return await (reading.get(institution) ?? start(institution));
      } catch (error) {
        // Rules change once a month: while the database is away the last known ones are better than none.
        if (known !== undefined && isUnavailable(error)) return known.policy;
        throw error;
      }
    },
    drop(institution) {
      held.delete(institution);
      reading.delete(institution);
    },
  };
}

interface StoredPolicy {
  values?: Record<string, unknown>;
  consentVersion: string | null;
  consentText: string | null;
}

/** A stored value that no longer fits its bounds must not stop an institution: the default stands in for it. */
function withDefaults(row: StoredPolicy | null): Policy {
  if (row === null) return DEFAULT_POLICY;
  const stored: Record<string, unknown> = {
    ...row.values,
    consentVersion: row.consentVersion ?? DEFAULT_POLICY.consentVersion,
    consentText: row.consentText,
  };
  const policy: Record<string, unknown> = { ...DEFAULT_POLICY };
  for (const [name, rule] of Object.entries(policySchema.shape)) {
    const parsed = rule.safeParse(stored[name]);
    if (parsed.success) policy[name] = parsed.data;
  }
  return policySchema.parse(policy);
}

/**
 * Changes some of an institution's rules; the caller asked for permission already.
 * @param patch any of the rules; a new consent text needs a version of its own, since people agreed to the old
 * @param by who changes it; null = the platform
 * @throws AppError BAD_INPUT naming the fields out of bounds; CONFLICT when another consent text came meanwhile
 */
export async function setPolicy(
  ctx: Pick<Ctx, 'models' | 'policies' | 'clock'>,
  institution: string,
  patch: Partial<Policy>,
  by: Pick<Actor, 'id'> | null = null,
): Promise<Policy> {
  const parsed = policySchema.partial().safeParse(patch);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new AppError('BAD_INPUT', { fields });
  }
  const { consentVersion, consentText, ...values } = parsed.data;
  ctx.policies.drop(institution);
  const before = await ctx.policies.get(institution);
  if (consentText !== undefined && consentText !== before.consentText) {
    if (consentVersion === undefined || consentVersion === before.consentVersion) {
      throw new AppError('BAD_INPUT', { message: '修改知情同意书时请同时填写新的版本号。' });
    }
  }
  if (consentVersion !== undefined && consentVersion !== before.consentVersion) {
    const text = consentText === undefined ? before.consentText : consentText;
    const next = { version: consentVersion, text };
    await replaceConsent(ctx, institution, next, { after: before.consentVersion, by });
  }
  const $set = Object.fromEntries(Object.entries(values).map(([name, value]) => [`values.${name}`, value]));
  const write = () => ctx.models.Policy.updateOne({ _id: institution }, { $set }, { upsert: true });
  // Two first writers at once: the one that lost the insert finds the row on its second try.
  await write().catch((error: unknown) => (isDuplicate(error) ? write() : Promise.reject(error as Error)));
  ctx.policies.drop(institution);
  return ctx.policies.get(institution);
}
