/**
 * A proxy before the database that understands whose turn it is: it sees each command of the wire protocol and may
 * strike just before one reaches the database, or just after it took effect and before the answer comes back; it may
 * hold one back for a while, or break its connection. So every step between two durable writes is a crash point,
 * without any hook in the product.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Command {
  name: string;
  collection: string;
}
/**
 * before, after: strikes. hold: it reaches the database when release() is called. break: its connection is reset
 * before it gets there.
 */
export type Decision = 'pass' | 'before' | 'after' | 'hold' | 'break';

export interface Tap {
  port: number;
  /** Asked of every write, and of every find; null ends the watch. */
  watch(decide: ((command: Command) => Decision) | null): void;
  /** Lets everything go on that is held back. */
  release(): void;
  /** What a strike is: usually the death of the client. */
  onStrike(strike: () => void): void;
  close(): Promise<void>;
}

const OP_MSG = 2013;
const WATCHED = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite', 'find']);

/** The first element of an OP_MSG's body: the command and what it is done to. */
function commandOf(frame: Buffer): Command | null {
  if (frame.length < 32 || frame.readInt32LE(12) !== OP_MSG || frame[20] !== 0) return null;
  const key = 26;
  const end = frame.indexOf(0, key);
  const name = frame.toString('utf8', key, end);
  // 2 = a string
  if (frame[key - 1] !== 2 || !WATCHED.has(name)) return null;
  const length = frame.readInt32LE(end + 1);
  return { name, collection: frame.toString('utf8', end + 5, end + 4 + length) };
}

export async function startTap(host: string, port: number): Promise<Tap> {
  const open = new Set<Socket>();
  let decide: ((command: Command) => Decision) | null = null;
  let strike = () => {};
  let held: (() => void)[] = [];
  const server = createServer((client) => {
    const upstream = connect(port, host);
    let gathered = Buffer.alloc(0);
    let struck = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      gathered = Buffer.concat([gathered, chunk]);
      while (gathered.length >= 4) {
        const length = gathered.readInt32LE(0);
        if (gathered.length < length) return;
        const frame = gathered.subarray(0, length);
        gathered = gathered.subarray(length);
        const command = decide && commandOf(frame);
        const decision = command ? (decide?.(command) ?? 'pass') : 'pass';
        if (decision === 'before') {
          strike();
          return;
        }
        if (decision === 'break') {
          client.resetAndDestroy();
          return;
        }
        if (decision === 'hold') {
          // A driver asks one thing at a time on a connection: nothing behind it can overtake.
          held.push(() => upstream.write(frame));
          continue;
        }
        if (decision === 'after') struck = true;
        upstream.write(frame);
      }
    });
    upstream.on('data', (chunk: Buffer) => {
      if (struck) strike();
      else client.write(chunk);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    watch(next) {
      decide = next;
    },
    release() {
      const going = held;
      held = [];
      for (const go of going) go();
    },
    onStrike(next) {
      strike = next;
    },
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
