/** Conversations under load: two sockets each, the same frames for the bare servers and for the product. */
import { setTimeout as wait } from 'node:timers/promises';
import { meter, quantile, quiet } from './machine.mjs';
import { Book, connect, frameMaker, numberAt, openLoop } from './wire.mjs';

/** 30 Han characters, 90 bytes: a line such as visitors write. */
export const LINE = '我最近总是睡不着，白天也提不起精神，不知道该怎么和家里人说。';
const ID = Buffer.from('"clientMsgId":"');
const CREATED = Buffer.from('["message:created"');
/** Each conversation's first messages cost more: its head is read, the first reply is noted. */
const WARM_MS = 6_000;

const sendFrame = (conversationId) =>
  frameMaker(
    `42#########["message:send",${JSON.stringify({ conversationId, clientMsgId: '#########', kind: 'text', text: LINE })}]`,
  );

/**
 * Connects both sides of each pair.
 * @param pairs `[{ room, sides: [{ port, auth }, { port, auth }] }]`
 * @returns `{ sockets, sent, delivered, closeAll }`; `socket.fire(at?)` sends one message
 */
export async function connectPairs(pairs) {
  const [sent, delivered] = [new Book(), new Book()];
  const loop = { closed: false };
  const sockets = [];
  for (const { room, sides } of pairs) {
    const frame = sendFrame(room);
    for (const side of sides) {
      const socket = await connect(side);
      const mine = new Set();
      socket.fire = (at) => {
        const number = sent.next(at);
        mine.add(number);
        socket.write(frame(number));
      };
      socket.onPacket = (buffer, start) => {
        if (buffer[start] === 0x33) {
          const number = numberAt(buffer, start + 1);
          if (!refused(buffer, start, number)) sent.hit(number);
          if (loop.closed) socket.fire();
        } else if (buffer.indexOf(CREATED, start) === start + 1) {
          const number = numberAt(buffer, buffer.indexOf(ID, start) + ID.length);
          // Its own message comes back to a sender too, for the other devices of the same person.
          if (!mine.delete(number)) delivered.hit(number);
        }
      };
      sockets.push(socket);
    }
  }
  delivered.times = sent.times;
  return {
    ...{ sockets, sent, delivered, loop },
    closeAll: () => sockets.forEach((socket) => socket.close()),
  };
}

/** An acknowledgement that says no ends the benchmark: a rate of refusals is no rate. */
function refused(buffer, start, number) {
  const brace = buffer.indexOf('[', start);
  if (buffer.indexOf('[{"ok":true', brace) === brace) return false;
  throw new Error(`message ${number} was refused: ${buffer.subarray(brace, brace + 200)}`);
}

/**
 * Saturation in a closed loop with `depth` messages under way a socket, then an open loop at half of that rate.
 * @returns rates in messages a second, latencies in milliseconds, CPU in microseconds a message
 */
export async function measure(
  { sockets, sent, delivered, loop },
  { pids, depth = 4, seconds = 3, rate = null },
) {
  await quiet();
  loop.closed = true;
  for (const socket of sockets) for (let count = 0; count < depth; count += 1) socket.fire();
  await wait(WARM_MS);
  sent.record();
  const running = meter(pids);
  await wait(seconds * 1000);
  const { seconds: took, cpu, strangers } = running.stop();
  const count = sent.done;
  const full = {
    perSecond: count / took,
    p50: quantile(sent.latencies, 0.5),
    p99: quantile(sent.latencies, 0.99),
  };
  const micros = Object.fromEntries(
    Object.entries(cpu).map(([name, value]) => [name, (value * 1e6) / count]),
  );
  loop.closed = false;
  await wait(800);

  const half = rate ?? full.perSecond / 2;
  let turn = 0;
  const fire = (_index, at) => sockets[turn++ % sockets.length].fire(at);
  await openLoop(half, 0.5, fire);
  sent.record();
  delivered.record();
  await openLoop(half, seconds, fire);
  await wait(500);
  return {
    full,
    half: { perSecond: half, p50: quantile(sent.latencies, 0.5), p99: quantile(sent.latencies, 0.99) },
    arrived: { p50: quantile(delivered.latencies, 0.5), p99: quantile(delivered.latencies, 0.99) },
    micros,
    strangers,
  };
}
