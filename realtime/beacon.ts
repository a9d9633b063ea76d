/**
 * Tells each connected party every few seconds what exists, read from the conversations in one query a node and
 * not from the cache that may have missed the push: a lost push is noticed by a higher seq or rev.
 */
import type { BeaconLine } from '../contract/events.js';
import { objectId } from '../platform/mongo.js';
import type { Ctx } from '../services/context.js';
import { waitingOf } from '../services/matchmaking/queue.js';
import { fingerprintOf } from '../services/matchmaking/snapshot.js';
import { keepConnections } from '../services/presence/connections.js';
import { keepConnected } from '../services/presence/lost.js';
import { startPulse } from './pulse.js';
import type { HotlineServer, HotlineSocket } from './gateway.js';

const EVERY_MS = 5_000;

export const startBeacon = (io: HotlineServer, ctx: Ctx) =>
  startPulse(ctx, 'beacon', EVERY_MS, () => beat(io, ctx));

async function beat(io: HotlineServer, ctx: Ctx): Promise<void> {
  const sockets = [...io.sockets.sockets.values()];
  if (sockets.length === 0) return;
  const people = new Map<string, HotlineSocket['data']['principal']>();
  for (const socket of sockets) people.set(socket.data.principal.id, socket.data.principal);
  const counselors = [...people.values()].filter((person) => person.role === 'COUNSELOR');
  await keepConnections(ctx, [...people.values()]);
  await keepConnected(
    ctx,
    counselors.flatMap(({ id }) => objectId(id) ?? []),
  );
  const lines = await linesOf(ctx, [...people.keys()]);
  const queues = await queuesOf(ctx, [...people.values()]);
  await ctx.cutoffs.fresh();
  for (const socket of sockets) {
    const { principal } = socket.data;
    const queue = principal.role === 'VISITOR' ? undefined : queues.get(principal.institution);
    const conversations = lines.get(principal.id) ?? [];
    if (conversations.length > 0 || queue !== undefined)
      socket.emit('beacon', { conversations, ...(queue === undefined ? {} : { queue }) });
  }
}

async function linesOf(ctx: Ctx, ids: string[]): Promise<Map<string, BeaconLine[]>> {
  const people = ids.flatMap((id) => objectId(id) ?? []);
  const rows = await ctx.models.Conversation.find(
    {
      $or: [
        { open: true, $or: [{ visitor: { $in: people } }, { counselor: { $in: people } }] },
        { openThread: true, $or: [{ counselor: { $in: people } }, { supervisors: { $in: people } }] },
      ],
    },
    { lastSeq: 1, rev: 1, visitor: 1, counselor: 1, supervisors: 1, openThread: 1 },
  ).lean();
  const lines = new Map<string, BeaconLine[]>();
  for (const row of rows) {
    const line: BeaconLine = { id: row._id.toHexString(), seq: row.lastSeq, rev: row.rev };
    // A thread is never a visitor's, whatever stands in it.
    const parties = row.openThread ? [row.counselor, ...row.supervisors] : [row.visitor, row.counselor];
    for (const party of parties) {
      if (!party) continue;
      const list = lines.get(party.toHexString()) ?? [];
      list.push(line);
      lines.set(party.toHexString(), list);
    }
  }
  return lines;
}

async function queuesOf(
  ctx: Ctx,
  people: { role: string; institution: string }[],
): Promise<Map<string, number>> {
  const codes = new Set(
    people.filter(({ role }) => role !== 'VISITOR').map(({ institution }) => institution),
  );
  return new Map(
    await Promise.all(
      [...codes].map(async (code): Promise<[string, number]> => [
        code,
        fingerprintOf(await waitingOf(ctx, code)),
      ]),
    ),
  );
}
