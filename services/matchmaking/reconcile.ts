/**
 * Rebuilds what Redis holds from MongoDB: at boot, after Redis came back, when its epoch key is gone, on demand.
 * Safe at any moment on any number of nodes: what it writes is what is stored.
 */
import type { Conversation } from '../../models/conversation.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import { commonQueue, epoch, namedQueue } from './keys.js';

/** How far Redis was from the truth. */
export interface Drift {
  /** Members that were missing, or stood behind their place. */
  missing: number;
  /** Members that should not have been there. */
  ghosts: number;
}

export async function reconcile(ctx: Ctx): Promise<Drift> {
  const rows = await ctx.models.Conversation.find(
    { status: 'WAITING', open: true },
    { institution: 1, requested: 1, queueScore: 1 },
  ).lean();
  const institutions = await ctx.models.Institution.find({}, { _id: 1 }).lean();
  const codes = new Set([...institutions.map((row) => row._id), ...rows.map((row) => row.institution)]);
  const drift: Drift = { missing: 0, ghosts: 0 };
  for (const code of codes) {
    const here = rows.filter((row) => row.institution === code);
    const counselors = await ctx.models.Duty.find({ institution: code }, { _id: 1 }).lean();
    const named = new Set([
      ...counselors.map((duty) => duty._id.toHexString()),
      ...here.flatMap((row) => row.requested?.toHexString() ?? []),
    ]);
    const queues = [
      { key: commonQueue(ctx, code), rows: here.filter((row) => row.requested === null) },
      ...[...named].map((id) => ({
        key: namedQueue(ctx, code, id),
        rows: here.filter((row) => row.requested?.toHexString() === id),
      })),
    ];
    for (const queue of queues) {
      const found = await reconcileQueue(ctx, queue.key, queue.rows);
      drift.missing += found.missing;
      drift.ghosts += found.ghosts;
    }
  }
  await ctx.redis.set(epoch(ctx), String(ctx.clock.now()));
  if (drift.missing + drift.ghosts > 0) ctx.log.info(drift, 'queue reconciled');
  await Promise.all([...codes].map((code) => ctx.admissions.admit(code)));
  return drift;
}

async function reconcileQueue(
  ctx: Ctx,
  key: string,
  rows: Pick<Conversation, '_id' | 'queueScore'>[],
): Promise<Drift> {
  const members = await ctx.redis.zrange(key, '0', '-1', 'WITHSCORES');
  const held = new Map(
    members.flatMap((id, at) => (at % 2 === 0 ? [[id, Number(members[at + 1])] as const] : [])),
  );
  const wanted = new Map(rows.map((row) => [row._id.toHexString(), row.queueScore]));
  const missing = [...wanted].filter(([id, score]) => (held.get(id) ?? Infinity) > score);
  for (const [id, score] of missing) await ctx.redis.zadd(key, 'LT', score, id);
  let ghosts = 0;
  for (const id of held.keys()) {
    if (wanted.has(id)) continue;
    // It may have come after our read: only what the database says is not waiting is a ghost.
    const row = await ctx.models.Conversation.findById(id, { status: 1, open: 1 }).lean();
    if (row?.status === 'WAITING' && row.open) continue;
    await ctx.redis.zrem(key, id);
    ghosts += 1;
  }
  return { missing: missing.length, ghosts };
}

/** Looks for the epoch key and reconciles when Redis was emptied. Called every 2 s. */
export async function reconcileIfEmptied(ctx: Ctx): Promise<boolean> {
  if (!isRedisUp(ctx.redis)) return false;
  if ((await ctx.redis.exists(epoch(ctx))) === 1) return false;
  await reconcile(ctx);
  return true;
}
