/** The lists of supervisors and counselors (document sections 10a and 10b). */
import type { Listing } from '../../contract/common.js';
import type { ListStaff, PublicStaffRow, StaffRow } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { contains } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { named } from '../fuzzy.js';
import { nextPage, readPage } from '../page.js';
import { mayUser, userPermissions, userScope } from '../policies/user.js';
import { presentPublicStaffRow, presentStaffRow, type StaffFacts } from '../presenters/user.js';
import { normalPhone } from '../seal/fields.js';
import { openPrivate, openPrivateField } from './private-fields.js';
import { factsOf } from './user-facts.js';

export type ListedRole = 'SUPERVISOR' | 'COUNSELOR';

/**
 * Staff of the caller's institution (a system admin: of all), oldest first. Visitors get public cards of those who
 * can be reached. Filtering by phone looks only at phones the caller may see, so it tells nobody anything new.
 * @throws AppError FORBIDDEN
 */
export async function listStaff(
  ctx: Ctx,
  actor: Actor,
  role: ListedRole,
  input: ListStaff,
): Promise<Listing<StaffRow | PublicStaffRow>> {
  const permissions = userPermissions(actor.role);
  if (!permissions.includes('user.card')) throw new AppError('FORBIDDEN');
  const filter = {
    ...userScope(actor),
    role,
    deleted: false,
    ...(permissions.includes('user.row') ? {} : { enabled: true }),
    ...named('name', input.name),
    ...(input.department === undefined ? {} : { department: contains(input.department) }),
    ...(input.gender === undefined ? {} : { gender: input.gender }),
  };
  const { rows: users, count } =
    input.phoneNumber === undefined
      ? await readPage(ctx.models.User, { filter, sort: OLDEST_FIRST }, input)
      : await pageByPhone(ctx, actor, filter, input, input.phoneNumber);
  const facts = await factsOf(ctx, users);
  const rows = await Promise.all(users.map((user) => present(ctx, actor, user, facts(user))));
  return { rows, count, next: nextPage(input, count) };
}

type Filter = Record<string, unknown>;
const OLDEST_FIRST = { createdAt: 1, _id: 1 } as const;

/** Phones are sealed: those of the scope are opened and compared. An institution has hundreds of staff, not more. */
async function pageByPhone(
  ctx: Ctx,
  actor: Actor,
  filter: Filter,
  { page, size }: ListStaff,
  phone: string,
): Promise<{ rows: User[]; count: number }> {
  const wanted = normalPhone(phone);
  if (wanted === '' || !userPermissions(actor.role).includes('user.private')) return { rows: [], count: 0 };
  const candidates = await ctx.models.User.find({ ...filter, phone: { $ne: null } })
    .sort(OLDEST_FIRST)
    .lean();
  const visible = candidates.filter((user) => mayUser(actor, 'user.private', user));
  const phones = await Promise.all(visible.map((user) => openPrivateField(ctx, user, 'phone')));
  const users = visible.filter((_user, index) => normalPhone(phones[index] ?? '').includes(wanted));
  return { rows: users.slice((page - 1) * size, page * size), count: users.length };
}

async function present(
  ctx: Ctx,
  actor: Actor,
  user: User,
  facts: StaffFacts,
): Promise<StaffRow | PublicStaffRow> {
  if (!mayUser(actor, 'user.row', user)) return presentPublicStaffRow(user, facts);
  const secret = mayUser(actor, 'user.private', user) ? await openPrivate(ctx, user) : null;
  return presentStaffRow(user, facts, secret);
}
