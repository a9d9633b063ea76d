/** The list of everybody (document sections 6 and 16: one call, two row shapes). */
import type { Types } from 'mongoose';
import type { ListUsers } from '../../contract/account.js';
import type { Listing } from '../../contract/common.js';
import type { StaffRow, VisitorRow } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { consultScope } from '../conversation/consult-list.js';
import { named } from '../fuzzy.js';
import { readPage } from '../page.js';
import { mayUser, userPermissions, userScope } from '../policies/user.js';
import { presentStaffRow, presentVisitorRow } from '../presenters/user.js';
import { openPrivate } from './private-fields.js';
import { factsOf } from './user-facts.js';

/** What a supervisor finds here besides visitors: the staff of sections 10a and 10b, when asked for by type. */
const OF_SUPERVISOR = ['VISITOR', 'COUNSELOR', 'SUPERVISOR'];

/**
 * Everybody in the caller's scope, oldest first; a supervisor's bare call answers visitors.
 * @throws AppError FORBIDDEN
 */
export async function listUsers(
  ctx: Ctx,
  actor: Actor,
  input: ListUsers,
): Promise<Listing<StaffRow | VisitorRow>> {
  if (!userPermissions(actor.role).includes('user.list')) throw new AppError('FORBIDDEN');
  const type = input.type ?? (actor.role === 'SUPERVISOR' ? 'VISITOR' : undefined);
  if (actor.role === 'SUPERVISOR' && !OF_SUPERVISOR.includes(type ?? '')) throw new AppError('FORBIDDEN');
  const filter = {
    ...userScope(actor),
    ...(type === undefined ? {} : { role: type }),
    deleted: false,
    ...named('name', input.name),
    ...(input.state === undefined ? {} : await inState(ctx, actor, input.state, type)),
  };
  const sort = { createdAt: 1, _id: 1 } as const;
  const { rows: users, ...place } = await readPage(ctx.models.User, { filter, sort }, input);
  const [facts, maySee] = await Promise.all([factsOf(ctx, users), privacyOf(ctx, actor, users)]);
  const rows = await Promise.all(
    users.map(async (user) => {
      const secret = maySee(user) ? await openPrivate(ctx, user) : null;
      const present = user.role === 'VISITOR' ? presentVisitorRow : presentStaffRow;
      return present(user, facts(user), secret);
    }),
  );
  return { rows, ...place };
}

/** Presence is kept with the duty; who has none is off line. Visitors have no state. */
async function inState(ctx: Ctx, actor: Actor, state: string, type: string | undefined) {
  const scope = userScope(actor);
  const role = type === undefined ? { role: { $ne: 'VISITOR' as const } } : {};
  // The filter of section 24's state on visitors finds nobody, whatever it is.
  if (type === 'VISITOR') return { _id: { $in: [] as Types.ObjectId[] } };
  const presence = state === 'offline' ? { $ne: 'offline' as const } : (state as 'online');
  const duties = await ctx.models.Duty.find({ ...scope, presence }, { _id: 1 }).lean();
  const ids = duties.map(({ _id }) => _id);
  return { ...role, _id: state === 'offline' ? { $nin: ids } : { $in: ids } };
}

/**
 * Phone, ID number, e-mail and contacts: admins, a supervisor for bound counselors, and for the visitors of the
 * sessions that they supervise. One query for the whole page.
 */
async function privacyOf(ctx: Ctx, actor: Actor, users: User[]): Promise<(user: User) => boolean> {
  const supervised = new Set<string>();
  const visitors = users.filter(({ role }) => role === 'VISITOR').map(({ _id }) => _id);
  if (actor.role === 'SUPERVISOR' && visitors.length > 0) {
    const scope = await consultScope(ctx, actor);
    const met = await ctx.models.Conversation.distinct('visitor', {
      $and: [scope, { visitor: { $in: visitors }, type: 'COUNSELING_SESSION', deletedAt: null }],
    });
    for (const id of met) supervised.add(String(id));
  }
  return (user) => mayUser(actor, 'user.private', user) || supervised.has(user._id.toHexString());
}
