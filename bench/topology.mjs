/**
 * The topology of docker-compose.yml as processes: a proxy, three servers, two workers, database and Redis, each node
 * a host of its own (network namespaces; loopback ports where those are refused). Conversations go on while every
 * node is replaced, one after the other. Nothing may fail: every message is acknowledged, once, in order, and nobody
 * loses their counselor.
 *
 *   node bench/topology.mjs      CONVERSATIONS=30 PAUSE_MS=400
 */
import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { quantile } from './lib/machine.mjs';
import { forward, openNetwork } from './lib/namespaces.mjs';
import { report } from './lib/report.mjs';
import { migrated, onStage } from './lib/stage.mjs';

const CONVERSATIONS = Number(process.env.CONVERSATIONS ?? 30);
const PAUSE_MS = Number(process.env.PAUSE_MS ?? 400);
const SERVERS = 3;
const WORKERS = 2;
/** A send that took longer than this counts as failed, whatever comes later. */
const LATE_MS = 15_000;

onStage(async (stage) => {
  const { createHotlineClient } = await import('../dist/contract/client.js');
  const network = openNetwork();
  stage.defer(() => network?.close());
  const at = network?.gateway ?? '127.0.0.1';
  const shared = { DATABASE: 'bench_topology', KEY_PREFIX: 'benchtopology', TRUST_PROXY: '1' };
  await migrated({ ...stage.env, ...shared });
  const counts = { counselors: CONVERSATIONS, visitors: CONVERSATIONS, maxConsults: 1 };
  const cast = await stage.people({ ...stage.env, ...shared }, counts);

  const [mongo, redis] = [stage.env.MONGODB_URL, stage.env.REDIS_URL].map((url) => new URL(url));
  if (network) {
    await forward(at, mongo.port, [{ host: '127.0.0.1', port: mongo.port }]);
    await forward(at, redis.port, [{ host: '127.0.0.1', port: redis.port }]);
  }
  const databases = network
    ? {
        MONGODB_URL: `mongodb://${at}:${mongo.port}/?directConnection=true&w=majority&journal=true`,
        REDIS_URL: `redis://${at}:${redis.port}`,
      }
    : {};
  const slots = [];
  for (let index = 0; index < SERVERS + WORKERS; index += 1) {
    const isServer = index < SERVERS;
    const host = network?.host(`${isServer ? 'server' : 'worker'}${index}`) ?? {
      address: '127.0.0.1',
      exec: [],
    };
    const port = 4300 + index;
    const env = {
      ...shared,
      ...databases,
      FACES: isServer ? 'server,realtime' : 'worker',
      HOST: host.address,
    };
    slots.push({
      name: isServer ? `server ${index + 1}` : `worker ${index - SERVERS + 1}`,
      host,
      port,
      env,
      node: null,
    });
  }
  const launch = async (slot) => {
    slot.node = await stage.start({ ...slot.env, PORT: String(slot.port) }, slot.host.exec);
  };
  await Promise.all(slots.map(launch));
  const backends = slots.slice(0, SERVERS).map(({ host, port }) => ({ host: host.address, port }));
  const proxy = await forward(at, 0, backends);
  const url = `http://${at}:${proxy.address().port}`;

  const devices = [...cast.visitors, ...cast.counselors].map((person) =>
    device(createHotlineClient, url, person),
  );
  for (const { client } of devices) client.start();
  const visitors = devices.slice(0, CONVERSATIONS);
  await Promise.all(visitors.map(({ call }) => call('PUT', '/conversation', {})));
  const assigned = await allAssigned(cast.ctx);
  const talk = startTalk(assigned, devices);
  await wait(3_000);

  const replaced = [];
  for (const slot of slots) {
    const begun = performance.now();
    slot.node.child.kill('SIGTERM');
    await slot.node.gone;
    const ended = performance.now();
    await launch(slot);
    replaced.push({
      node: slot.name,
      'ended in s': (ended - begun) / 1000,
      'back in s': (performance.now() - ended) / 1000,
    });
    await wait(2_000);
  }
  const sent = await talk.stop();

  const after = await allAssigned(cast.ctx);
  const kept = after.filter(({ _id, counselor, attempt }) =>
    assigned.some(
      (each) => each._id.equals(_id) && each.counselor.equals(counselor) && each.attempt === attempt,
    ),
  );
  const wrong = await checkStored(cast.ctx, sent);
  const lost = sent.filter(({ ms }) => ms === null).length;
  const late = sent.filter(({ ms }) => ms !== null && ms > LATE_MS).length;
  const times = sent.flatMap(({ ms }) => ms ?? []);
  report(stage, 'topology', {
    rows: replaced,
    goals: [
      { figure: 'sends', value: sent.length, goal: '≥ 500' },
      { figure: 'never acknowledged', value: lost, goal: '≤ 0' },
      { figure: `acknowledged after more than ${LATE_MS / 1000} s`, value: late, goal: '≤ 0' },
      { figure: 'missing, doubled or out of order in the database', value: wrong, goal: '≤ 0' },
      { figure: 'conversations that lost their counselor', value: CONVERSATIONS - kept.length, goal: '≤ 0' },
      { figure: 'acknowledged, p50 ms', value: quantile(times, 0.5), goal: '≤ 1000' },
      { figure: 'slowest, ms', value: Math.max(...times), goal: `≤ ${LATE_MS}` },
    ],
  });
  process.stdout.write(
    network ? 'each node in a network namespace of its own\n' : 'NOT in namespaces: loopback ports\n',
  );
  for (const { client } of devices) client.stop();
  await cast.close();
});

/** A person with the reference client, through the proxy; notes when each message was written and acknowledged. */
function device(createHotlineClient, url, person) {
  const sent = new Map();
  const acknowledged = (clientMsgId) => {
    const entry = sent.get(clientMsgId);
    entry.ms ??= performance.now() - entry.begun;
  };
  const call = async (method, path, body, options = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const told = await answer.json().catch(() => null);
    if (answer.ok && sent.has(body?.clientMsgId)) acknowledged(body.clientMsgId);
    return { status: answer.status, body: told };
  };
  const connect = (auth) => {
    const socket = io(url, { auth, transports: ['websocket'], forceNew: true, autoConnect: false });
    const emit = socket.emit.bind(socket);
    socket.emit = (event, ...args) => {
      if (event !== 'message:send') return emit(event, ...args);
      const [input, answer] = args;
      return emit(event, input, (ack) => {
        if (ack.ok) acknowledged(input.clientMsgId);
        answer(ack);
      });
    };
    return socket;
  };
  const newId = () => {
    const clientMsgId = `${person.id.slice(-8)}-${sent.size}`;
    sent.set(clientMsgId, { clientMsgId, begun: performance.now(), ms: null });
    return clientMsgId;
  };
  return {
    person,
    call,
    sent,
    client: createHotlineClient({ token: person.token, http: call, connect, newId }),
  };
}

/** Both sides of every conversation write at a steady pace until they are stopped and everything has arrived. */
function startTalk(assigned, devices) {
  const byId = new Map(devices.map((each) => [each.person.id, each]));
  let stopped = false;
  const speakers = assigned.flatMap(({ _id, visitor, counselor }) =>
    [visitor, counselor].map(async (id) => {
      const { client, sent } = byId.get(id.toHexString());
      const conversation = _id.toHexString();
      await client.load(conversation);
      while (!stopped) {
        client.send(conversation, `第 ${sent.size} 句`);
        await wait(PAUSE_MS * (0.5 + Math.random()));
      }
    }),
  );
  const all = () => devices.flatMap(({ sent }) => [...sent.values()]);
  return {
    async stop() {
      stopped = true;
      await Promise.all(speakers);
      for (const end = Date.now() + 30_000; all().some(({ ms }) => ms === null) && Date.now() < end;)
        await wait(100);
      return all();
    },
  };
}

async function allAssigned(ctx) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = await ctx.models.Conversation.find({ status: 'IN_PROGRESS' }).lean();
    if (found.length >= CONVERSATIONS) return found;
    await wait(250);
  }
  throw new Error('not every conversation has a counselor');
}

/** How many messages are missing, stored twice, or out of the order in which their sender wrote them. */
async function checkStored(ctx, sent) {
  const rows = await ctx.models.Message.find({ sender: { $ne: null } })
    .sort({ conversation: 1, seq: 1 })
    .lean();
  const count = new Map();
  const last = new Map();
  let wrong = 0;
  for (const { clientMsgId, sender } of rows) {
    count.set(clientMsgId, (count.get(clientMsgId) ?? 0) + 1);
    const number = Number(clientMsgId.split('-')[1]);
    if (number <= (last.get(String(sender)) ?? -1)) wrong += 1;
    last.set(String(sender), number);
  }
  return wrong + sent.filter(({ clientMsgId }) => count.get(clientMsgId) !== 1).length;
}
