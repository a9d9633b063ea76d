/**
 * A TCP proxy on loopback in front of a server, so that a test can harm one link and heal it: the toxics of
 * toxiproxy, in process. Each holds for connections that are open and for those that come.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `up` = from the client to the server. */
export type Direction = 'up' | 'down';

export interface Proxy {
  port: number;
  /** Resets every connection and refuses new ones. */
  cut(): void;
  /** Resets every connection; new ones are let in. */
  reset(): void;
  /** Swallows what goes in one direction; nobody is told, connections stay open. */
  hole(direction: Direction): void;
  /** Holds back everything by so many milliseconds, up to `jitter` more. */
  delay(ms: number, jitter?: number): void;
  /** At most so many bytes a second in each direction, in slices of this size. */
  throttle(bytesPerSecond: number, slice: number): void;
  /** A phone's bad network: latency, bandwidth and loss at once. */
  weaken(network: Network): void;
  /**
   * Ends every harm: what a delay or a throttle held back arrives at once. What a hole swallowed is lost, so
   * connections that had one are reset.
   */
  heal(): void;
  /** Connections open now. */
  open(): number;
  close(): Promise<void>;
}

/**
 * What a TCP connection makes of a weak network, as its user meets it: a proxy can't lose a packet, so a lost one
 * is the time until it is sent again, during which everything behind it waits (in order, as TCP delivers). Not
 * modelled: slow start, and losses that end a connection.
 */
export interface Network {
  /** There and back, milliseconds; a new connection costs one more before its first byte. */
  roundTripMs: number;
  /** Of all connections together, in each direction. */
  bytesPerSecond: number;
  /** Share of packets that are lost, 0 to 1. */
  loss: number;
  /** Milliseconds until a lost packet is sent again that nothing follows; one that others follow takes a round trip. */
  resendMs: number;
}

/** Bytes of a packet. */
const PACKET = 1_400;

interface Harm {
  cut: boolean;
  hole: Direction | null;
  delayMs: number;
  jitterMs: number;
  rate: { perMs: number; slice: number } | null;
  weak: Network | null;
}

const NONE: Harm = { cut: false, hole: null, delayMs: 0, jitterMs: 0, rate: null, weak: null };

/** @param host @param port the server behind it; it need not be there yet */
export async function startProxy(host: string, port: number): Promise<Proxy> {
  const open = new Set<Socket>();
  let harm: Harm = NONE;
  /** Whatever went through a hole has lost bytes: it can't live on. */
  const torn = new Set<Socket>();
  /** When the air is free again for the next packet of a weak network. */
  const airFree = { up: 0, down: 0 };
  /** When a packet that leaves now has arrived. @param followed by another of the same connection */
  function throughAir(weak: Network, direction: Direction, bytes: number, followed: boolean): number {
    const leaves = Math.max(airFree[direction], performance.now());
    airFree[direction] = leaves + (bytes / weak.bytesPerSecond) * 1000;
    // What comes behind a lost packet makes the sender notice it; after the last one only its own clock does.
    const again = followed ? weak.roundTripMs : weak.resendMs;
    return airFree[direction] + weak.roundTripMs / 2 + (Math.random() < weak.loss ? again : 0);
  }
  /** Let go of what is held back, one a direction and connection. */
  const releases = new Set<() => void>();

  const server = createServer((client) => {
    if (harm.cut) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(port, host);
    carry(client, upstream, 'up');
    carry(upstream, client, 'down');
  });

  function carry(from: Socket, to: Socket, direction: Direction): void {
    open.add(from);
    from.setNoDelay(true);
    /** What is held back, and when each piece leaves: later ones never overtake. */
    let line: { chunk: Buffer; at: number }[] = [];
    let freeAt = direction === 'up' && harm.weak ? performance.now() + harm.weak.roundTripMs : 0;
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    const write = (chunks: Buffer[]) => {
      if (chunks.length > 0 && !to.destroyed && !to.write(Buffer.concat(chunks))) from.pause();
    };
    const move = () => {
      clearTimeout(timer);
      timer = undefined;
      const now = performance.now();
      const later = line.findIndex(({ at }) => at > now);
      const due = later < 0 ? line : line.slice(0, later);
      line = later < 0 ? [] : line.slice(later);
      write(due.map(({ chunk }) => chunk));
      const [next] = line;
      if (next) timer = setTimeout(move, next.at - now);
      else if (ended) {
        releases.delete(release);
        to.end();
      }
    };
    const send = (chunk: Buffer, at: number) => {
      line.push({ chunk, at });
      if (!timer) move();
    };
    const release = () => {
      freeAt = 0;
      line = line.map(({ chunk }) => ({ chunk, at: 0 }));
      move();
    };
    releases.add(release);
    from.on('data', (chunk: Buffer) => {
      if (harm.hole === direction) {
        torn.add(from).add(to);
        return;
      }
      const { rate, delayMs, jitterMs, weak } = harm;
      const late = delayMs + Math.random() * jitterMs;
      if (!rate) {
        freeAt = Math.max(freeAt, performance.now() + late);
        send(chunk, freeAt);
        return;
      }
      for (let at = 0; at < chunk.length; at += rate.slice) {
        const part = chunk.subarray(at, at + rate.slice);
        const followed = at + rate.slice < chunk.length;
        freeAt = weak
          ? Math.max(freeAt, throughAir(weak, direction, part.length, followed))
          : Math.max(freeAt, performance.now() + late) + part.length / rate.perMs;
        send(part, freeAt);
      }
    });
    to.on('drain', () => from.resume());
    from.on('end', () => {
      // A hole swallows the farewell as well.
      if (harm.hole === direction) return;
      ended = true;
      move();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      torn.delete(from);
      // What it said before it went is still on its way.
      ended = true;
      if (line.length > 0 && !to.destroyed) return;
      releases.delete(release);
      if (harm.hole === null) to.destroy();
      else torn.add(to);
    });
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const drop = (sockets: Iterable<Socket> = [...open]) => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      harm = { ...NONE, cut: true };
      drop();
    },
    reset: () => drop(),
    hole(direction) {
      harm = { ...NONE, hole: direction };
    },
    delay(ms, jitter = 0) {
      harm = { ...NONE, delayMs: ms, jitterMs: jitter };
    },
    throttle(bytesPerSecond, slice) {
      harm = { ...NONE, rate: { perMs: bytesPerSecond / 1000, slice } };
    },
    weaken(network) {
      harm = {
        ...NONE,
        delayMs: network.roundTripMs / 2,
        rate: { perMs: network.bytesPerSecond / 1000, slice: PACKET },
        weak: network,
      };
    },
    heal() {
      harm = NONE;
      drop([...torn]);
      for (const release of releases) release();
    },
    open: () => open.size,
    close() {
      harm = NONE;
      drop();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
