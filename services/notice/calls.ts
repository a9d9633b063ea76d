/**
 * A called supervisor whom no device of theirs told is sent a text message. Read from the calls themselves, so
 * nothing can be lost between a call and its notice; the row's id is the call's, so that it is written once.
 */
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { isIn } from '../supervision/change.js';
import { isUnheard } from '../supervision/unheard.js';
import { putForPerson } from './person.js';

/** Whoever sits at a screen is told by it within this time. */
const REACHED_BY_MS = 15_000;
/** By then others were called, too. */
const STALE_MS = 10 * 60_000;

export async function noteCalls(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  const threads = await ctx.models.Conversation.find(
    { openThread: true },
    { calls: 1, institution: 1 },
  ).lean();
  const due = threads.flatMap(({ _id, institution, calls = [] }) =>
    calls
      .filter((call) => {
        const age = now - call.at.getTime();
        return isUnheard(call) && !calls.some(isIn) && age >= REACHED_BY_MS && age < STALE_MS;
      })
      .map(({ supervisor, at }) => ({
        _id: rowId(_id, supervisor, at),
        receiver: supervisor.toHexString(),
        institution,
        template: 'supervisor-called',
        data: { thread: _id.toHexString() },
        order: at.getTime(),
      })),
  );
  if (due.length === 0) return;
  const known = await ctx.models.Outbox.find({ _id: { $in: due.map(({ _id }) => _id) } }, { _id: 1 }).lean();
  const written = new Set(known.map(({ _id }) => _id.toHexString()));
  for (const row of due)
    if (!written.has(row._id.toHexString())) await putForPerson(ctx, row, ['sms', 'mail']);
}

function rowId(thread: Types.ObjectId, supervisor: Types.ObjectId, at: Date): Types.ObjectId {
  const what = ['supervisor-called', thread.toHexString(), supervisor.toHexString(), String(at.getTime())];
  return new Types.ObjectId(createHash('sha256').update(what.join('\0')).digest().subarray(0, 12));
}
