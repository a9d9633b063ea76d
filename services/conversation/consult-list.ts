import type { Types } from 'mongoose';
import type { ListConsults, ListedConversation } from '../../contract/conversation.js';
import type { Listing } from '../../contract/common.js';
import type { FilterQuery } from './filter.js';
import { OPEN_STATUSES } from '../../contract/enums.js';
import { objectId } from '../../platform/mongo.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { named } from '../fuzzy.js';
import { boundCounselors } from '../policies/statistics.js';
import { presentConversations } from '../presenters/conversation.js';
import { nextPage } from '../page.js';
import { contactSessions } from '../session-record/contacts.js';

/**
 * What somebody may see in lists; the same rule as by id (I13): a counselor's own, a supervisor's bound
 * counselors' and those they were called to, an institution admin's institution.
 */
export async function consultScope(ctx: Ctx, actor: Actor): Promise<FilterQuery> {
  const me = objectId(actor.id);
  switch (actor.role) {
    case 'COUNSELOR':
      return { institution: actor.institution, counselor: me };
    case 'SUPERVISOR': {
      const [bound, called] = await Promise.all([boundCounselors(ctx, actor), calledSessions(ctx, actor)]);
      return {
        institution: actor.institution,
        $or: [{ counselor: { $in: bound } }, { supervisors: me }, { _id: { $in: called } }],
      };
    }
    case 'INSTITUTION_ADMINISTRATOR':
      return { institution: actor.institution };
    case 'SYSTEM_ADMINISTRATOR':
      return {};
    case 'VISITOR':
      throw new AppError('FORBIDDEN');
  }
}

/** Sessions that a supervisor was called to and did not decline. */
export async function calledSessions(ctx: Ctx, actor: Actor): Promise<Types.ObjectId[]> {
  const supervisor = objectId(actor.id);
  const threads = await ctx.models.Conversation.find(
    {
      type: 'REQUEST_SUPERVISE',
      'calls.supervisor': supervisor,
      calls: { $elemMatch: { supervisor, state: { $ne: 'DECLINED' } } },
    },
    { session: 1 },
  ).lean();
  return threads.flatMap(({ session }) => session ?? []);
}

const FIELD = {
  level: 'level',
  startTime: 'startAt',
  endTime: 'endAt',
  duration: 'duration',
  createdTime: 'createdAt',
  visitorName: 'visitorName',
  counselorName: 'counselorName',
} as const;

/** Beside whatever the scope says of counselors; of nobody whom we made there is no session. */
function heldBy(counselor: string | undefined): FilterQuery {
  return counselor === undefined ? {} : { $and: [{ counselor: objectId(counselor) ?? { $in: [] } }] };
}

/** The time asked for is that of the beginning; of a kind of contact it is that of the end, as its figure counts. */
async function within(ctx: Ctx, actor: Actor, input: ListConsults): Promise<FilterQuery> {
  const { startTime: from, endTime: to, disposition } = input;
  if (disposition !== undefined)
    return { _id: { $in: await contactSessions(ctx, actor, disposition, { from, to }) } };
  if (from === undefined && to === undefined) return {};
  return {
    startAt: {
      ...(from === undefined ? {} : { $gte: new Date(from) }),
      ...(to === undefined ? {} : { $lte: new Date(to) }),
    },
  };
}

/** The consultation records (document section 28), sorted by a documented property; unset ones last either way. */
export async function listConsults(
  ctx: Ctx,
  actor: Actor,
  input: ListConsults,
): Promise<Listing<ListedConversation>> {
  const scope = await consultScope(ctx, actor);
  const filter: FilterQuery = {
    ...scope,
    type: 'COUNSELING_SESSION',
    deletedAt: null,
    ...named('visitorName', input.visitorName),
    ...named('counselorName', input.counselorName),
    ...heldBy(input.counselor),
    ...(input.status === undefined
      ? {}
      : { status: input.status === 'OPEN' ? { $in: [...OPEN_STATUSES] } : input.status }),
    ...(input.tag === undefined ? {} : { tags: input.tag }),
    ...(await within(ctx, actor, input)),
  };
  const field = FIELD[input.property ?? 'createdTime'];
  const order = input.direction === 'asc' ? 1 : -1;
  const skip = (input.page - 1) * input.size;
  const find = (extra: FilterQuery, from: number, most: number) =>
    ctx.models.Conversation.find({ ...filter, ...extra })
      .sort({ [field]: order, _id: order })
      .skip(from)
      .limit(most)
      .lean();
  // MongoDB sorts null last descending, as is wanted, but first ascending: there the set ones are read first, the unset
  // ones after them. A filter by the field leaves no unset ones.
  const unsetApart = order === 1 && field !== 'createdAt' && !(field in filter);
  const set = unsetApart ? { [field]: { $ne: null } } : {};
  const [count, first] = await Promise.all([
    ctx.models.Conversation.countDocuments(filter),
    find(set, skip, input.size),
  ]);
  const rest: typeof first = [];
  if (unsetApart && first.length < input.size && skip + first.length < count) {
    // A page that is begun by set ones ends them; one without any says nothing of how many there are.
    const before =
      first.length > 0 ? skip : await ctx.models.Conversation.countDocuments({ ...filter, ...set });
    rest.push(...(await find({ [field]: null }, Math.max(0, skip - before), input.size - first.length)));
  }
  const rows = [...first, ...rest];
  const presented = await presentConversations(ctx, rows);
  return {
    rows: presented.map((row, at) => ({ ...row, tags: rows[at]?.tags ?? [] })),
    count,
    next: nextPage(input, count),
  };
}
