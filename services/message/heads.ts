/**
 * What this node knows of each conversation's newest message: learned whole or not at all, from its own write,
 * from another node's announcement that follows on directly, or read from the database (design.md, "Message path").
 */
import { Types } from 'mongoose';
import type { Models } from '../../models/index.js';
import type { Message } from '../../models/message.js';
import type { Bus } from '../../platform/bus.js';
import type { Logger } from '../../platform/log.js';
import type { DomainEvent } from '../events.js';
import { FIRST_LINK } from './seal.js';

export interface Head {
  seq: number;
  link: Buffer;
  /** The end marker stands: nothing is numbered after it. */
  ended: boolean;
}

const MAX_KNOWN = 20_000;
const WRITE_BEHIND_MS = 500;
/** A write behind that took long is followed by this many times as long a rest: the messages themselves come first. */
const REST = 4;

export function createHeads(deps: { models: Models; bus: Bus<DomainEvent>; log: Logger }) {
  const { models, bus, log } = deps;
  const known = new Map<string, Head>();
  const dirty = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let lastTook = 0;

  bus.on('message.created', (event, remote) => {
    if (!remote) return;
    const { conversationId, seq } = event.message;
    const head = known.get(conversationId);
    if (!head || seq <= head.seq) return;
    if (seq === head.seq + 1)
      known.set(conversationId, {
        seq,
        link: Buffer.from(event.link, 'base64'),
        ended: event.message.event === 'ended',
      });
    else known.delete(conversationId);
  });

  async function writeDirty(): Promise<void> {
    const rows = [...dirty];
    dirty.clear();
    if (rows.length === 0) return;
    try {
      await models.Conversation.collection.bulkWrite(
        rows.map(([id, seq]) => ({
          updateOne: { filter: { _id: new Types.ObjectId(id) }, update: { $max: { lastSeq: seq } } },
        })),
        { ordered: false },
      );
    } catch (error) {
      // Only a lower bound: the next message writes it again.
      log.debug({ err: String(error) }, 'lastSeq behind');
    }
  }

  /** One write at a time: a database slower than the beat gets larger writes, not more of them. */
  function schedule(): void {
    if (writing) return;
    timer ??= setTimeout(
      () => {
        timer = null;
        const begun = performance.now();
        writing = writeDirty().finally(() => {
          writing = null;
          lastTook = performance.now() - begun;
          if (dirty.size > 0) schedule();
        });
      },
      Math.max(WRITE_BEHIND_MS, REST * lastTook),
    );
    timer.unref();
  }

  return {
    get: (id: string) => known.get(id),

    set(id: string, head: Head): void {
      known.delete(id);
      known.set(id, head);
      if (known.size > MAX_KNOWN) {
        const oldest = known.keys().next().value;
        if (oldest !== undefined) known.delete(oldest);
      }
    },

    forget(id: string): void {
      known.delete(id);
    },

    /** Reads the rows from the highest number known onwards: a closed end would miss what others just wrote. */
    async load(id: string, lowerBound: number): Promise<Head> {
      const from = Math.max(lowerBound, dirty.get(id) ?? 0, 1);
      const rows = (await models.Message.collection
        .find(
          { conversation: new Types.ObjectId(id), seq: { $gte: from } },
          { projection: { seq: 1, link: 1, event: 1 }, readConcern: { level: 'majority' } },
        )
        .toArray()) as unknown as Pick<Message, 'seq' | 'link' | 'event'>[];
      let head: Head = { seq: 0, link: FIRST_LINK, ended: false };
      for (const row of rows) {
        if (row.seq > head.seq) head = { seq: row.seq, link: row.link, ended: row.event === 'ended' };
      }
      this.set(id, head);
      return head;
    },

    /** The conversation's lastSeq, at most twice a second, less often on a slow database. */
    writeBehind(id: string, seq: number): void {
      dirty.set(id, seq);
      schedule();
    },

    async close(): Promise<void> {
      await writing;
      if (timer) clearTimeout(timer);
      await writeDirty();
    },
  };
}
