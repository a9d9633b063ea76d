/** The queue as people see it: a snapshot for staff, and word to everybody when the line moved. */
import type { QueueSnapshot } from '../../contract/conversation.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { presentConversations } from '../presenters/conversation.js';
import { placesOf } from './places.js';
import { waitingOf } from './queue.js';
import { whyAhead } from './urgency.js';

/** A number that differs when the queue differs; the same on every node, since it is made of what is stored. */
export function fingerprintOf(rows: Pick<Conversation, '_id' | 'rev'>[]): number {
  let hash = rows.length;
  for (const row of rows) {
    const text = `${row._id.toHexString()}${String(row.rev)}`;
    for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return hash >>> 0;
}

/** The queue as staff sees it. */
export async function snapshotQueue(ctx: Ctx, institution: string): Promise<QueueSnapshot> {
  const rows = await waitingOf(ctx, institution);
  const [waiting, policy] = await Promise.all([
    presentConversations(ctx, rows),
    ctx.policies.get(institution),
  ]);
  const now = ctx.clock.now();
  return {
    version: fingerprintOf(rows),
    waiting: waiting.map((each, at) => {
      const row = rows[at];
      return { ...each, urgency: row?.urgency ?? 'none', ahead: row ? whyAhead(row, now, policy) : null };
    }),
  };
}

/** Tells everybody concerned that the line moved. */
export async function publishQueue(ctx: Ctx, institution: string): Promise<void> {
  const rows = await waitingOf(ctx, institution);
  const places = await placesOf(ctx, rows);
  ctx.bus.publish({
    name: 'queue.changed',
    institution,
    places: rows.flatMap((row) => {
      const place = places.get(row._id.toHexString());
      return place && row.visitor ? [{ ...place, visitor: row.visitor.toHexString() }] : [];
    }),
  });
}
