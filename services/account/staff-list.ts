/** The lists of supervisors and counselors (document sections 10a and 10b). */
import { Types } from 'mongoose';
import type { Listing } from '../../contract/common.js';
import type { ListStaff, StaffRow } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { contains } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { mayUser, userPermissions, userScope } from '../policies/user.js';
import {
  presentPublicStaffRow,
  presentStaffRow,
  type PrivateFields,
  type PublicStaffRow,
  type StaffFacts,
} from '../presenters/user.js';
import { dayOf, startOfDay } from '../roster/day.js';
import { nextDutyDays } from '../roster/duty-days.js';
import { normalPhone, openField } from '../seal/fields.js';

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
    ...(input.name === undefined ? {} : { name: contains(input.name) }),
    ...(input.department === undefined ? {} : { department: contains(input.department) }),
    ...(input.gender === undefined ? {} : { gender: input.gender }),
  };
  const { users, count } =
    input.phoneNumber === undefined
      ? await pageOf(ctx, filter, input)
      : await pageByPhone(ctx, actor, filter, input, input.phoneNumber);
  const facts = await factsOf(ctx, users, role);
  const rows = await Promise.all(users.map((user) => present(ctx, actor, user, facts(user))));
  return { rows, count, next: input.page * input.size < count ? input.page + 1 : null };
}

type Filter = Record<string, unknown>;
interface Found {
  users: User[];
  count: number;
}

const OLDEST_FIRST = { createdAt: 1, _id: 1 } as const;

async function pageOf(ctx: Ctx, filter: Filter, { page, size }: ListStaff): Promise<Found> {
  const [users, count] = await Promise.all([
    ctx.models.User.find(filter)
      .sort(OLDEST_FIRST)
      .skip((page - 1) * size)
      .limit(size)
      .lean(),
    ctx.models.User.countDocuments(filter),
  ]);
  return { users, count };
}

/** Phones are sealed: those of the scope are opened and compared. An institution has hundreds of staff, not more. */
async function pageByPhone(
  ctx: Ctx,
  actor: Actor,
  filter: Filter,
  { page, size }: ListStaff,
  phone: string,
): Promise<Found> {
  const wanted = normalPhone(phone);
  if (wanted === '' || !userPermissions(actor.role).includes('user.private')) return { users: [], count: 0 };
  const candidates = await ctx.models.User.find({ ...filter, phone: { $ne: null } })
    .sort(OLDEST_FIRST)
    .lean();
  const visible = candidates.filter((user) => mayUser(actor, 'user.private', user));
  const phones = await Promise.all(visible.map((user) => open(ctx, user, 'phone')));
  const users = visible.filter((_user, index) => normalPhone(phones[index] ?? '').includes(wanted));
  return { users: users.slice((page - 1) * size, page * size), count: users.length };
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

type Sealed = keyof PrivateFields;
const open = (ctx: Ctx, user: User, field: Sealed) =>
  openField(ctx, user.institution, ['users', field, user._id.toHexString()], user[field]);

/** What of a person is sealed, in clear; the caller asked `user.private` before. */
export async function openPrivate(ctx: Ctx, user: User): Promise<PrivateFields> {
  const [phone, idNumber, email, emergencyContact, emergencyPhone] = await Promise.all([
    open(ctx, user, 'phone'),
    open(ctx, user, 'idNumber'),
    open(ctx, user, 'email'),
    open(ctx, user, 'emergencyContact'),
    open(ctx, user, 'emergencyPhone'),
  ]);
  return { phone, idNumber, email, emergencyContact, emergencyPhone };
}

/** What rows say beyond the users' own documents, for a whole page at once. */
async function factsOf(ctx: Ctx, users: User[], role: ListedRole): Promise<(user: User) => StaffFacts> {
  const ids = users.map((user) => user._id);
  const institutions = [...new Set(users.map((user) => user.institution))];
  const [duties, waiting, days, caps] = await Promise.all([
    ctx.models.Duty.find({ _id: { $in: ids } }).lean(),
    role === 'COUNSELOR' ? countWaiting(ctx, institutions, ids) : new Map<string, number>(),
    nextDays(ctx, users, institutions),
    Promise.all(
      institutions.map(async (code) => [code, (await ctx.policies.get(code)).maxConsults] as const),
    ),
  ]);
  const dutyOf = new Map(duties.map((duty) => [duty._id.toHexString(), duty]));
  const capOf = new Map(caps);
  return (user) => {
    const id = user._id.toHexString();
    const duty = dutyOf.get(id);
    const day = days.get(id);
    const base = {
      presence: duty?.presence ?? 'offline',
      dutyDate: day === undefined ? null : startOfDay(day),
    };
    if (role !== 'COUNSELOR') return { ...base, maxConsults: null };
    return {
      ...base,
      maxConsults: duty?.maxConsults ?? capOf.get(user.institution) ?? null,
      seats: { activeCount: duty?.seats.length ?? 0, waiting: waiting.get(id) ?? 0 },
    };
  };
}

async function nextDays(ctx: Ctx, users: User[], institutions: string[]): Promise<Map<string, string>> {
  const today = dayOf(ctx.clock.now());
  const found = await Promise.all(
    institutions.map((code) => {
      const own = users.filter((user) => user.institution === code).map((user) => user._id.toHexString());
      return nextDutyDays(ctx, code, own, today);
    }),
  );
  return new Map(found.flatMap((days) => [...days]));
}

/** How many wait for each counselor by name. */
async function countWaiting(
  ctx: Ctx,
  institutions: string[],
  counselors: Types.ObjectId[],
): Promise<Map<string, number>> {
  const rows = await ctx.models.Conversation.find(
    { institution: { $in: institutions }, status: 'WAITING', open: true, requested: { $in: counselors } },
    { requested: 1 },
  ).lean();
  const counts = new Map<string, number>();
  for (const { requested } of rows) {
    const id = requested?.toHexString();
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
