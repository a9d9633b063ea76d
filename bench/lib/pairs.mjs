/** Conversations to be put under load: rooms of a bare server, or conversations that the product assigned. */
import { setTimeout as wait } from 'node:timers/promises';
import { connect, frameMaker } from './wire.mjs';
import { migrated } from './stage.mjs';

/** @returns `{ server, servers, pairs, done }`; `pairs` as connectPairs wants them. `nodes: 2` puts the sides apart */
export async function pairsOf(stage, { kind, count, serial, nodes = 1 }) {
  return kind === 'hotline' || kind === 'bus'
    ? conversations(stage, { count, serial, nodes })
    : rooms(stage, { kind, count, nodes });
}

async function rooms(stage, { kind, count, nodes }) {
  const servers = [];
  while (servers.length < nodes) servers.push(await stage.bare({ BARE: kind }));
  const ports = sidePorts(servers);
  const pairs = Array.from({ length: count }, (_, index) => {
    const room = `room-${index}`;
    return { room, sides: ports.map((port) => ({ port, auth: { room } })) };
  });
  return { server: servers[0], servers, pairs, done: () => endAll(servers) };
}

async function conversations(stage, { count, serial, nodes }) {
  const env = { DATABASE: `bench_${serial}_${nodes}`, KEY_PREFIX: `bench${serial}x${nodes}` };
  await migrated({ ...stage.env, ...env });
  const cast = await stage.people(
    { ...stage.env, ...env },
    { counselors: count, visitors: count, maxConsults: 1 },
  );
  const servers = [];
  while (servers.length < nodes) servers.push(await stage.start(env));
  const [port, otherPort] = sidePorts(servers);
  const open = frameMaker('420["conversation:open",{}]')(0);
  for (const { token } of cast.visitors) {
    const socket = await connect({ port, auth: { token } });
    await new Promise((answered) => {
      socket.onPacket = (buffer, start) => buffer[start] === 0x33 && answered();
      socket.write(open);
    });
    socket.close();
  }
  const assigned = await allAssigned(cast.ctx, count);
  const tokens = new Map([...cast.visitors, ...cast.counselors].map(({ id, token }) => [id, token]));
  const pairs = assigned.map(({ _id, visitor, counselor }) => ({
    room: _id.toHexString(),
    sides: [
      { port, auth: { token: tokens.get(visitor.toHexString()) } },
      { port: otherPort, auth: { token: tokens.get(counselor.toHexString()) } },
    ],
  }));
  await cast.close();
  return { server: servers[0], servers, pairs, done: () => endAll(servers) };
}

async function allAssigned(ctx, count) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = await ctx.models.Conversation.find({ status: 'IN_PROGRESS' }).lean();
    if (found.length >= count) return found;
    await wait(250);
  }
  throw new Error('the conversations were not assigned within a minute');
}

const sidePorts = (servers) => [servers[0].port, servers.at(-1).port];
const endAll = (servers) => Promise.all(servers.map((server) => server.stop()));
