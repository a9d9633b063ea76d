/** Redis keys of matchmaking: one hash slot an institution (design.md, "Embedded Redis"). */
import type { Ctx } from '../context.js';

const base = (ctx: Ctx, institution: string) => `${ctx.config.KEY_PREFIX}:{${institution}}`;

/** Sorted set of those who take whoever is free: conversation id by score. */
export const commonQueue = (ctx: Ctx, institution: string) => `${base(ctx, institution)}:queue`;
/** Sorted set of those who asked for one counselor. */
export const namedQueue = (ctx: Ctx, institution: string, counselor: string) =>
  `${base(ctx, institution)}:queue:${counselor}`;
/** Held by the node that gives away seats right now (turn.ts). */
export const turnOf = (ctx: Ctx, institution: string) => `${base(ctx, institution)}:turn`;
/** Gone = Redis was emptied = reconcile. */
export const epoch = (ctx: Ctx) => `${ctx.config.KEY_PREFIX}:epoch`;
