/** Conversations as this node last read them, dropped whenever any node tells of a change. */
import type { Conversation } from '../../models/conversation.js';
import type { Models } from '../../models/index.js';
import type { Bus } from '../../platform/bus.js';
import type { Clock } from '../../platform/clock.js';
import { objectId } from '../../platform/mongo.js';
import type { DomainEvent, Parties } from '../events.js';

export interface ConversationCache {
  /** null when there is none, or the id has another form than ours. */
  get(id: string): Promise<Conversation | null>;
  /** Straight from the database, and kept. */
  reload(id: string): Promise<Conversation | null>;
  drop(id: string): void;
}

const MAX = 20_000;
/** While the bus is down nobody tells of changes: what is read lives a second. */
const TTL = { up: 30_000, down: 1_000 };

export function createConversationCache(deps: {
  models: Models;
  bus: Bus<DomainEvent>;
  clock: Clock;
}): ConversationCache {
  const { models, bus, clock } = deps;
  const held = new Map<string, { row: Conversation; at: number }>();
  /** Loads under way; a change told meanwhile marks them stale, so that an old read is not kept. */
  const loading = new Map<string, { stale: boolean; row: Promise<Conversation | null> }>();

  function drop(id: string): void {
    held.delete(id);
    const load = loading.get(id);
    if (load) {
      load.stale = true;
      loading.delete(id);
    }
  }
  bus.on('conversation.updated', (event) => {
    drop(event.parties.id);
  });
  bus.on('conversation.changed', ({ id }) => {
    drop(id);
  });
  bus.on('watch.changed', ({ id }) => {
    drop(id);
  });
  bus.on('conversation.deleted', ({ id }) => {
    drop(id);
  });
  bus.onResume(() => {
    held.clear();
  });

  function reload(id: string): Promise<Conversation | null> {
    const under = loading.get(id);
    if (under) return under.row;
    const _id = objectId(id);
    if (!_id) return Promise.resolve(null);
    const load = { stale: false, row: Promise.resolve<Conversation | null>(null) };
    load.row = models.Conversation.findById(_id)
      .lean()
      .then((row) => {
        if (row && !row.deletedAt && !load.stale) {
          held.set(id, { row, at: clock.monotonic() });
          if (held.size > MAX) held.delete(held.keys().next().value ?? '');
        }
        return row && !row.deletedAt ? row : null;
      })
      .finally(() => {
        if (loading.get(id) === load) loading.delete(id);
      });
    loading.set(id, load);
    return load.row;
  }

  return {
    async get(id) {
      const entry = held.get(id);
      if (entry && clock.monotonic() - entry.at < (bus.isUp() ? TTL.up : TTL.down)) return entry.row;
      return reload(id);
    },
    reload(id) {
      drop(id);
      return reload(id);
    },
    drop,
  };
}

export function partiesOf(conversation: Conversation): Parties {
  return {
    id: conversation._id.toHexString(),
    type: conversation.type,
    institution: conversation.institution,
    visitor: conversation.visitor?.toHexString() ?? null,
    counselor: conversation.counselor?.toHexString() ?? null,
    supervisors: conversation.supervisors.map((id) => id.toHexString()),
    watchers: [
      ...(conversation.watch ?? []).map(({ supervisor }) => supervisor.toHexString()),
      ...(conversation.overlap ? [conversation.overlap.counselor.toHexString()] : []),
    ],
  };
}
