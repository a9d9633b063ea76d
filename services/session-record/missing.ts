import type { Listing } from '../../contract/common.js';
import type { ListMissing, MissingRecord } from '../../contract/session-record.js';
import { consultScope } from '../conversation/consult-list.js';
import { readPage } from '../page.js';
import type { Actor, Ctx } from '../context.js';
import { missingAt } from '../care/held-back.js';

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
