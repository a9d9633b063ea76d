/**
 * A crowd that talks while everything breaks: visitors and counselors with the reference client, over sockets and,
 * where those are blocked, plain HTTP. Every try to send goes into the history; now and then a message is sent on
 * both nodes at once under one clientMsgId.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { createHotlineClient, type HotlineClient } from '../../contract/client.js';
import type { Ack } from '../../contract/events.js';
import type { MessageReceipt, SendMessage } from '../../contract/message.js';
import { http } from './clients.js';
import type { Person } from './factories.js';
import type { History } from './history.js';
import type { Random } from './history-random.js';

export interface Device {
  person: Person;
  client: HotlineClient;
  /** The index of the node it is on, or would go to. */
  node(): number;
  stop(): void;
}

/** @param urls the nodes; a device that loses one goes to the next */
export function startDevice(
  person: Person,
  urls: readonly string[],
  history: History,
  home: number,
  options: { askTimeout?: number; fallbackAfter?: number } = {},
): Device {
  let at = home % urls.length;
  const url = (index = at) => urls[index % urls.length] ?? '';
  const socket = io(url(), {
    auth: { token: person.token },
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 200,
    reconnectionDelayMax: 1_500,
    timeout: 4_000,
  });
  // No sticky sessions: whoever loses a node knocks at the next.
  socket.io.on('reconnect_attempt', () => {
    at = (at + 1) % urls.length;
    (socket.io as unknown as { uri: string }).uri = url();
  });
  const emit = socket.emit.bind(socket);
  socket.emit = ((event: string, ...args: unknown[]) => {
    const answer = args.at(-1);
    if (event !== 'message:send' || typeof answer !== 'function') return emit(event, ...args);
    const flight = history.begin(at, args[0] as SendMessage, person.id);
    const lost = () => flight.unknown();
    socket.once('disconnect', lost);
    return emit(event, ...args.slice(0, -1), (ack: Ack<MessageReceipt>) => {
      socket.off('disconnect', lost);
      if (ack.ok) flight.ok(ack.data);
      else flight.fail(ack.error.code);
      (answer as (ack: unknown) => void)(ack);
    });
  }) as typeof socket.emit;

  let serial = 0;
  const client = createHotlineClient({
    token: person.token,
    connect: () => socket,
    newId: () => `${person.id.slice(-6)}-${String((serial += 1))}`,
    askTimeout: options.askTimeout ?? 6_000,
    fallbackAfter: options.fallbackAfter ?? 2_500,
    async http(method, path, body, given) {
      const sending = method === 'POST' && /^\/api\/v1\/conversations\/(\w+)\/messages$/.exec(path);
      const flight = sending
        ? history.begin(
            at,
            { conversationId: sending[1] ?? '', clientMsgId: (body as SendMessage).clientMsgId },
            person.id,
          )
        : null;
      try {
        const held = path.includes('wait=');
        const timeout = AbortSignal.timeout(held ? 30_000 : 6_000);
        const answer = await http(url(), method, path, {
          token: person.token,
          ...(body === undefined ? {} : { json: body }),
          signal: given?.signal ? AbortSignal.any([given.signal, timeout]) : timeout,
        });
        const told = answer.body as { code: number; result: MessageReceipt } | null;
        if (told?.code === 0) flight?.ok(told.result);
        else if (answer.status < 500 && answer.status !== 429) flight?.fail(`HTTP ${String(answer.status)}`);
        else flight?.unknown();
        return { status: answer.status, body: answer.body };
      } catch (error) {
        flight?.unknown();
        at = (at + 1) % urls.length;
        throw error;
      }
    },
  });
  return {
    person,
    client,
    node: () => at,
    stop() {
      client.stop();
      socket.disconnect();
    },
  };
}

export interface Crowd {
  visitors: Device[];
  counselors: Device[];
  /** Conversations that were opened, with who took part, as far as the visitors learned. */
  opened: Map<string, { visitor: Device }>;
  /** No new conversation and no new word; resolves when everybody has come to rest. */
  rest(): Promise<void>;
  stop(): void;
}

export interface CrowdOptions {
  history: History;
  random: Random;
  urls: readonly string[];
  visitors: readonly Person[];
  counselors: readonly Person[];
  /** Words of a visitor in one session. */
  words: { least: number; most: number };
  /** Between two words of one person, in milliseconds. */
  pauseMs: number;
}

export function startCrowd(options: CrowdOptions): Crowd {
  const { history, random, urls } = options;
  let resting = false;
  const isResting = () => resting;
  const device = (person: Person, index: number) => {
    const made = startDevice(person, urls, history, index);
    made.client.start();
    return made;
  };
  const visitors = options.visitors.map(device);
  const counselors = options.counselors.map(device);
  const opened: Crowd['opened'] = new Map();
  const nap = () => pause(options.pauseMs * (0.5 + random.next()));

  /** A word on both nodes at once: one row, one answer. */
  async function twice(who: Device, conversation: string, serial: number): Promise<void> {
    const clientMsgId = `twin-${String(serial)}`;
    await Promise.all(
      urls.map(async (url, node) => {
        const flight = history.begin(node, { conversationId: conversation, clientMsgId }, who.person.id);
        try {
          const answer = await http(url, 'POST', `/api/v1/conversations/${conversation}/messages`, {
            token: who.person.token,
            json: { clientMsgId, kind: 'text', text: `双份 ${String(node)}` },
            signal: AbortSignal.timeout(6_000),
          });
          if (answer.body.code === 0) flight.ok(answer.body.result as MessageReceipt);
          else flight.unknown();
        } catch {
          flight.unknown();
        }
      }),
    );
  }

  async function visit(who: Device): Promise<void> {
    const { client } = who;
    let serial = 0;
    await client.setPresence('online').catch(() => undefined);
    while (!isResting()) {
      const conversation = await client.open().catch(() => null);
      if (!conversation || conversation.status === 'FINISHED') {
        await nap();
        continue;
      }
      const { id } = conversation;
      opened.set(id, { visitor: who });
      await client.load(id).catch(() => undefined);
      const words = random.between(options.words.least, options.words.most);
      for (let word = 0; word < words && !isResting(); word += 1) {
        const view = client.getState().conversations[id];
        if (view && !['WAITING', 'IN_PROGRESS'].includes(view.conversation?.status ?? 'WAITING')) break;
        serial += 1;
        if (random.next() < 0.04) await twice(who, id, serial);
        else if (!view?.pending.some((row) => row.state === 'sending'))
          client.send(id, `第 ${String(serial)} 句`);
        await nap();
      }
      if (isResting()) return;
      await client.end(id).catch(() => undefined);
      await nap();
    }
  }

  async function attend(who: Device): Promise<void> {
    const { client } = who;
    let serial = 0;
    const online = () => client.setPresence('online').catch(() => undefined);
    const loaded = new Set<string>();
    for (let turn = 0; !isResting(); turn += 1) {
      // Stated again now and then: a lease that a fault let run out is taken up as a person would.
      if (turn % 10 === 0) await online();
      for (const view of Object.values(client.getState().conversations)) {
        if (isResting() || view.conversation?.status !== 'IN_PROGRESS') continue;
        if (!loaded.has(view.id)) {
          loaded.add(view.id);
          await client.load(view.id).catch(() => loaded.delete(view.id));
        }
        if (view.pending.some((row) => row.state === 'sending') || random.next() < 0.4) continue;
        serial += 1;
        client.send(view.id, `答 ${String(serial)}`);
      }
      await nap();
    }
  }

  const running = [...visitors.map(visit), ...counselors.map(attend)];
  return {
    visitors,
    counselors,
    opened,
    async rest() {
      resting = true;
      await Promise.all(running);
    },
    stop() {
      resting = true;
      for (const each of [...visitors, ...counselors]) each.stop();
    },
  };
}
