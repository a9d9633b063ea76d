/**
 * A cheap load client: WebSocket frames (RFC 6455) and Engine.IO 4 / Socket.IO 5 packets made by hand over plain
 * sockets, so that the generator, which shares the machine with the server, costs less than what it measures.
 */
import net from 'node:net';

const MASK = Buffer.from([0x5a, 0xc3, 0x11, 0x7e]);
/** Message numbers have nine digits, so that a frame is made once and only its number is written anew. */
const SLOT = '#########';
const FIRST = 100_000_000;
/** Times of the last million messages; more are never under way at once. */
const RING = 1 << 20;

function maskedFrame(payload) {
  const { length } = payload;
  const head =
    length < 126 ? [0x81, 0x80 | length, ...MASK] : [0x81, 0x80 | 126, length >> 8, length & 255, ...MASK];
  const body = Buffer.from(payload.map((byte, index) => byte ^ MASK[index & 3]));
  return { frame: Buffer.concat([Buffer.from(head), body]), head: head.length };
}

/** A function from a number to the frame of `text`, with the number in the place of each run of nine `#`. */
export function frameMaker(text) {
  const payload = Buffer.from(text);
  const { frame, head } = maskedFrame(payload);
  const slots = [];
  for (let at = payload.indexOf(SLOT); at >= 0; at = payload.indexOf(SLOT, at + SLOT.length)) slots.push(at);
  return (number) => {
    const made = Buffer.from(frame);
    for (const slot of slots) {
      let rest = number;
      for (let digit = SLOT.length - 1; digit >= 0; digit -= 1) {
        const at = slot + digit;
        made[head + at] = (48 + (rest % 10)) ^ MASK[at & 3];
        rest = Math.floor(rest / 10);
      }
    }
    return made;
  };
}

const textFrame = (text) => maskedFrame(Buffer.from(text)).frame;
const PONG = textFrame('3');

/**
 * One Socket.IO connection over a bare WebSocket. `onPacket(buffer, start, end)` gets each packet of the default
 * namespace from its type on: 50 ('2') an event, 51 ('3') an acknowledgement.
 */
export function connect({ port, auth, headers = '' }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const self = {
      onPacket: () => undefined,
      write: (frame) => socket.write(frame),
      close: () => socket.destroy(),
    };
    let upgraded = false;
    let opened = false;
    let rest = null;

    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`,
    );
    socket.on('data', (chunk) => {
      let data = rest ? Buffer.concat([rest, chunk]) : chunk;
      rest = null;
      if (!upgraded) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = data;
          return;
        }
        const status = data.subarray(0, data.indexOf('\r\n')).toString();
        if (!status.includes(' 101')) {
          reject(new Error(status));
          return;
        }
        upgraded = true;
        data = data.subarray(end + 4);
      }
      let at = 0;
      while (at + 2 <= data.length) {
        let length = data[at + 1] & 127;
        let head = 2;
        if (length === 126) {
          if (at + 4 > data.length) break;
          length = data.readUInt16BE(at + 2);
          head = 4;
        } else if (length === 127) {
          if (at + 10 > data.length) break;
          length = Number(data.readBigUInt64BE(at + 2));
          head = 10;
        }
        if (at + head + length > data.length) break;
        take(data, at + head, at + head + length);
        at += head + length;
      }
      if (at < data.length) rest = data.subarray(at);
    });

    function take(data, start, end) {
      const type = data[start];
      if (type === 0x32) self.write(PONG);
      else if (type === 0x30) self.write(textFrame(`40${auth ? JSON.stringify(auth) : ''}`));
      else if (type === 0x34) {
        if (opened) self.onPacket(data, start + 1, end);
        else if (data[start + 1] === 0x30) {
          opened = true;
          resolve(self);
        } else reject(new Error(data.subarray(start, end).toString()));
      }
    }
  });
}

/** The decimal number that begins at an offset. */
export function numberAt(buffer, offset) {
  let value = 0;
  for (let at = offset; buffer[at] >= 48 && buffer[at] <= 57; at += 1) value = value * 10 + buffer[at] - 48;
  return value;
}

/** Which message was sent when, and how long each took. */
export class Book {
  times = new Float64Array(RING);
  #sent = 0;
  #recording = false;
  latencies = [];
  done = 0;

  next(at = performance.now()) {
    this.times[this.#sent % RING] = at;
    this.#sent += 1;
    return FIRST + this.#sent - 1;
  }
  hit(number) {
    this.done += 1;
    if (this.#recording) this.latencies.push(performance.now() - this.times[(number - FIRST) % RING]);
  }
  record() {
    this.latencies = [];
    this.done = 0;
    this.#recording = true;
  }
}

/** Sends at a fixed rate, whatever the answers do, so that a stall is counted against whoever stalled. */
export function openLoop(rate, seconds, send) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const total = Math.floor(rate * seconds);
    let sent = 0;
    const tick = () => {
      const due = Math.min(total, Math.floor(((performance.now() - begun) * rate) / 1000) + 1);
      for (; sent < due; sent += 1) send(sent, begun + (sent * 1000) / rate);
      if (sent < total) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
}
