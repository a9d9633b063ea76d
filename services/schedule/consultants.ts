import type { Actor, Ctx } from '../context.js';

/** Whom a plan of the caller's institution names: its counselors, with what they are called. */
export const consultantsOf = (ctx: Ctx, actor: Actor) =>
  ctx.models.User.find({ institution: actor.institution, role: 'COUNSELOR', deleted: false })
    .select({ name: 1, username: 1, userID: 1 })
    .lean();
