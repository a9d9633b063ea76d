import type { Listing } from '../../contract/common.js';
import {
  type Contacts,
  type ListMissing,
  type MissingRecord,
  type ReadContacts,
} from '../../contract/session-record.js';
import { INVALID_DISPOSITIONS } from '../../contract/enums.js';
import { consultScope } from '../conversation/consult-list.js';
import { nextPage } from '../conversation/list.js';
import type { Actor, Ctx } from '../context.js';
import { statisticsScope } from '../policies/statistics.js';

/** From when on a record counts as missing. */
const LATE_MS = 24 * 60 * 60_000;
/** How far back it is looked for: what is older is past mending. */
const BACK_MS = 90 * 24 * 60 * 60_000;

/** Sessions in the caller's reach that were served, are over for a day and have no record; the oldest first. */
export async function listMissing(
  ctx: Ctx,
  actor: Actor,
  input: ListMissing,
): Promise<Listing<MissingRecord>> {
  const now = ctx.clock.now();
  const filter = {
    ...(await consultScope(ctx, actor)),
    type: 'COUNSELING_SESSION' as const,
    deletedAt: null,
    recordedAt: null,
    startAt: { $ne: null },
    endAt: { $gt: new Date(now - BACK_MS), $lt: new Date(now - LATE_MS) },
  };
  const [rows, count] = await Promise.all([
    ctx.models.Conversation.find(filter, { counselor: 1, endAt: 1 })
      .sort({ endAt: 1, _id: 1 })
      .skip((input.page - 1) * input.size)
      .limit(input.size)
      .lean(),
    ctx.models.Conversation.countDocuments(filter),
  ]);
  return {
    rows: rows.map((row) => ({
      conversationId: row._id.toHexString(),
      counselor: row.counselor?.toHexString() ?? null,
      endTime: row.endAt?.getTime() ?? 0,
    })),
    count,
    next: nextPage(input, count),
  };
}

/** Contacts by kind, so that rates can leave invalid ones out. @throws AppError FORBIDDEN, NOT_FOUND */
export async function readContacts(ctx: Ctx, actor: Actor, input: ReadContacts): Promise<Contacts> {
  const { institution, counselors } = await statisticsScope(ctx, actor, input);
  const rows = await ctx.models.SessionRecord.find(
    {
      institution,
      endedAt: { $gte: new Date(input.from), $lt: new Date(input.to) },
      ...(counselors ? { counselor: { $in: counselors } } : {}),
    },
    { disposition: 1 },
  ).lean();
  const byDisposition: Record<string, number> = {};
  for (const { disposition } of rows) byDisposition[disposition] = (byDisposition[disposition] ?? 0) + 1;
  const invalid = INVALID_DISPOSITIONS.reduce((sum, kind) => sum + (byDisposition[kind] ?? 0), 0);
  return { recorded: rows.length, valid: rows.length - invalid, invalid, byDisposition };
}
