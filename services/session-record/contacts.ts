/** Contacts by kind, and the sessions that are counted under one: the same records, so that a figure and its list agree. */
import type { Types } from 'mongoose';
import { INVALID_DISPOSITIONS, type Disposition } from '../../contract/enums.js';
import type { Contacts, ReadContacts } from '../../contract/session-record.js';
import type { Actor, Ctx } from '../context.js';
import { statisticsScope } from '../policies/statistics.js';

/** Records in the caller's figures, of sessions that ended in a time. @throws AppError FORBIDDEN, NOT_FOUND */
async function recordsOf(
  ctx: Ctx,
  actor: Actor,
  asked: { institution?: string | undefined; disposition?: Disposition },
  ended: { $gte?: Date; $lt?: Date; $lte?: Date },
) {
  const { institution, counselors } = await statisticsScope(ctx, actor, { institution: asked.institution });
  return ctx.models.SessionRecord.find(
    {
      institution,
      ...(Object.keys(ended).length === 0 ? {} : { endedAt: ended }),
      ...(counselors ? { counselor: { $in: counselors } } : {}),
      ...(asked.disposition === undefined ? {} : { disposition: asked.disposition }),
    },
    { disposition: 1 },
  ).lean();
}

/** Contacts by kind, so that rates can leave invalid ones out. @throws AppError FORBIDDEN, NOT_FOUND */
export async function readContacts(ctx: Ctx, actor: Actor, input: ReadContacts): Promise<Contacts> {
  const found = await recordsOf(ctx, actor, input, { $gte: new Date(input.from), $lt: new Date(input.to) });
  // A deletion by hand says that there was no such session; one that was real stays in the figures.
  const gone = await ctx.models.Conversation.find(
    {
      _id: { $in: found.map(({ _id }) => _id) },
      deletedAt: { $ne: null },
      figuresStay: { $ne: true },
    },
    { _id: 1 },
  ).lean();
  const deleted = new Set(gone.map(({ _id }) => _id.toHexString()));
  const rows = found.filter(({ _id }) => !deleted.has(_id.toHexString()));
  const byDisposition: Record<string, number> = {};
  for (const { disposition } of rows) byDisposition[disposition] = (byDisposition[disposition] ?? 0) + 1;
  const invalid = INVALID_DISPOSITIONS.reduce((sum, kind) => sum + (byDisposition[kind] ?? 0), 0);
  return { recorded: rows.length, valid: rows.length - invalid, invalid, byDisposition };
}

/**
 * The sessions behind one kind of contact, for the list that its bar opens.
 * @param ended moments, both included; left out = any time
 * @throws AppError FORBIDDEN
 */
export async function contactSessions(
  ctx: Ctx,
  actor: Actor,
  disposition: Disposition,
  ended: { from: number | undefined; to: number | undefined },
): Promise<Types.ObjectId[]> {
  const rows = await recordsOf(
    ctx,
    actor,
    { disposition },
    {
      ...(ended.from === undefined ? {} : { $gte: new Date(ended.from) }),
      ...(ended.to === undefined ? {} : { $lte: new Date(ended.to) }),
    },
  );
  return rows.map(({ _id }) => _id);
}
