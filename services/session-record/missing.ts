import type { Listing } from '../../contract/common.js';
import {
  type Contacts,
  type ListMissing,
  type MissingRecord,
  type ReadContacts,
} from '../../contract/session-record.js';
import { INVALID_DISPOSITIONS } from '../../contract/enums.js';
import { consultScope } from '../conversation/consult-list.js';
import { readPage } from '../page.js';
import type { Actor, Ctx } from '../context.js';
import { missingAt } from '../care/held-back.js';
import { statisticsScope } from '../policies/statistics.js';

/** Sessions in the caller's reach that were served, are over for a day and have no record; the oldest first. */
export async function listMissing(
  ctx: Ctx,
  actor: Actor,
  input: ListMissing,
): Promise<Listing<MissingRecord>> {
  const filter = { ...(await consultScope(ctx, actor)), ...missingAt(ctx.clock.now()), deletedAt: null };
  const wanted = {
    filter,
    sort: { endAt: 1, _id: 1 },
    fields: {
      counselor: 1,
      counselorName: 1,
      visitorName: 1,
      endAt: 1,
    },
  } as const;
  const { rows, ...place } = await readPage(ctx.models.Conversation, wanted, input);
  return {
    rows: rows.map((row) => ({
      conversationId: row._id.toHexString(),
      counselor: row.counselor?.toHexString() ?? null,
      counselorName: row.counselorName,
      visitorName: row.visitorName,
      endTime: row.endAt?.getTime() ?? 0,
    })),
    ...place,
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
