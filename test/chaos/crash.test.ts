/**
 * T2 of the reliability plan (I1, I3, I6–I10, I15, I22): a server or worker dies at every step between two durable
 * writes of sending, opening, ending, handing over, banning, calling, reading and a deadline, just before the write
 * or just after it took effect. Its client asks again on the other server, as clients do; then everything must be
 * right. Points are found by watching the operation once, so a new write is a new point.
 * CRASH_POINTS=100 CRASH_KILLS=5 is the long form (`npm run chaos`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ANSWER_MS,
  call,
  crashLab,
  type CrashLab,
  type CrashOperation,
  type CrashPoint,
} from '../support/crash.js';
import { ownerOperations } from '../support/crash-owner.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { startCluster, type Cluster } from '../support/faults-cluster.js';
import { startDevice } from '../support/faults-crowd.js';
import { createHistory, report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';
import { until } from '../support/poll.js';

const POINTS = Number(process.env['CRASH_POINTS'] ?? 3);
const KILLS = Number(process.env['CRASH_KILLS'] ?? 1);
const ONLY = process.env['CRASH_ONLY'];

// `npm test` asks the same points each time; `npm run chaos` draws others.
const seed = process.env['PROOF_SEED'] === undefined ? 1_264_721_633 : seedOf();
const random = seeded(seed);
let cluster: Cluster;
let lab: CrashLab;
beforeAll(async () => {
  cluster = await startCluster();
  lab = crashLab(cluster);
}, 240_000);
afterAll(() => cluster.stop(), 60_000);

async function endedFaults(id: string, status: string): Promise<string[]> {
  const row = await lab.rowOf(id);
  const markers = await lab.models.Message.countDocuments({ conversation: row._id, event: 'ended' });
  return [
    ...(row.status === status ? [] : [`${row.status}, not ${status}`]),
    ...(row.sealed === true ? [] : ['not sealed']),
    ...(markers === 1 ? [] : [`${String(markers)} end markers`]),
    ...(await lab.transcriptFaults(id)),
  ];
}

const OPERATIONS: CrashOperation[] = [
  {
    name: 'send',
    victim: 'server',
    async prepare() {
      const { visitor, id } = await lab.talking();
      const json = { clientMsgId: 'once', kind: 'text', text: '在吗' };
      return {
        act: (base) => call(base, 'POST', `/api/v1/conversations/${id}/messages`, visitor, json),
        async judge(first) {
          const rows = await lab.models.Message.find({ conversation: id, clientMsgId: 'once' }).lean();
          const told = first?.body.code === 0 ? (first.body.result as { id: string }).id : null;
          return [
            ...(rows.length === 1 ? [] : [`${String(rows.length)} rows`]),
            ...(told === null || rows[0]?._id.toHexString() === told ? [] : ['another row than was told']),
            ...(await lab.transcriptFaults(id)),
          ];
        },
      };
    },
  },
  {
    name: 'open',
    victim: 'server',
    async prepare() {
      const institution = await lab.makeInstitution();
      const counselor = await makeCounselor(cluster.node.ctx, 1, { institution });
      const visitor = await makePerson(cluster.node.ctx, 'VISITOR', { institution });
      return {
        act: (base) => call(base, 'PUT', '/conversation', visitor, { counselor: counselor.id }),
        async judge() {
          const rows = await lab.models.Conversation.find({ visitor: visitor.user._id }).lean();
          const [row] = rows;
          const told = await lab.models.Message.countDocuments({
            conversation: row?._id,
            event: 'assigned',
          });
          return [
            ...(rows.length === 1 ? [] : [`${String(rows.length)} conversations`]),
            ...(row?.status === 'IN_PROGRESS' ? [] : [`${String(row?.status)} beside a free seat`]),
            ...(told === 1 ? [] : [`told of ${String(told)} assignments`]),
            ...(await lab.seatFaults(counselor)),
          ];
        },
      };
    },
  },
  {
    name: 'end',
    victim: 'server',
    async prepare() {
      const { visitor, counselor, id } = await lab.talking();
      return {
        act: (base) => call(base, 'POST', `/conversation/end/${id}`, visitor),
        judge: async () => [...(await endedFaults(id, 'FINISHED')), ...(await lab.seatFaults(counselor))],
      };
    },
  },
  {
    name: 'ban',
    victim: 'server',
    async prepare() {
      const { counselor, id, institution } = await lab.talking();
      const admin = await makePerson(cluster.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
      return {
        act: (base) => call(base, 'POST', `/user/ban/${counselor.id}`, admin, {}),
        async judge() {
          const row = await lab.rowOf(id);
          const user = await lab.models.User.findById(counselor.id).lean().orFail();
          return [
            ...(user.enabled ? ['still enabled'] : []),
            ...(row.counselor?.equals(counselor.user._id) ? ['still theirs'] : []),
            ...(await lab.seatFaults(counselor)),
            ...(await lab.transcriptFaults(id)),
          ];
        },
      };
    },
  },
  {
    name: 'read',
    victim: 'server',
    async prepare() {
      const { id, institution } = await lab.talking();
      const admin = await makePerson(cluster.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
      let readings = 0;
      return {
        async act(base) {
          const answer = await call(base, 'GET', `/message/conversation/web?conversationId=${id}`, admin);
          if (answer?.body.code === 0) readings += 1;
          return answer;
        },
        async judge() {
          // Asked at once, not until it comes right: an entry that follows the data is one too late.
          const entries = await lab.models.AuditEntry.countDocuments({ subject: `conversation:${id}` });
          // One an event: a page that is asked for again belongs to the same reading.
          return entries > 0 && readings > 0 ? [] : [`${String(readings)} read, ${String(entries)} entries`];
        },
      };
    },
  },
  {
    name: 'deadline',
    victim: 'worker',
    async prepare() {
      const institution = await lab.makeInstitution();
      await lab.models.Policy.create({ _id: institution, values: { waitingLimitMs: 2_000 } });
      const visitor = await makePerson(cluster.node.ctx, 'VISITOR', { institution });
      const opened = await call(lab.other.url, 'PUT', '/conversation', visitor, {});
      const { id } = opened?.body.result as { id: string };
      return {
        async act() {
          await until(async () => (await lab.rowOf(id)).sealed === true, 'it expires', ANSWER_MS).catch(
            () => null,
          );
          return null;
        },
        async judge() {
          const cards = { conversation: (await lab.rowOf(id))._id, event: 'emergency-card' } as const;
          const told = await lab.models.Message.countDocuments(cards);
          return [...(await endedFaults(id, 'EXPIRED')), ...(told === 1 ? [] : [`${String(told)} cards`])];
        },
      };
    },
  },
];

/**
 * Dies at points of chance among those of the operations.
 * @param ways asked again after the death, or left to the sweepers
 */
async function prove(name: string, operations: CrashOperation[], ways: readonly boolean[]): Promise<void> {
  // The short form looks at two operations of chance, the long one at all.
  const some = POINTS < 50 ? random.shuffle(operations).slice(0, 2) : operations;
  const wanted = ONLY === undefined ? some : operations.filter((each) => each.name === ONLY);
  const all: CrashPoint[] = [];
  for (const operation of wanted) all.push(...(await lab.pointsOf(operation)));
  const chosen = random.shuffle(all).slice(0, POINTS);
  const violations: string[] = [];
  let kills = 0;
  let missed = 0;
  for (const [index, point] of chosen.entries()) {
    let reachedOnce = false;
    // The short form goes each way in turn, the long one every way each time.
    const each = KILLS > 1 ? ways : ways.slice(index % ways.length, (index % ways.length) + 1);
    for (let kill = 0; kill < KILLS; kill += 1)
      for (const again of each) {
        const { reached, faults } = await lab.die(point, again);
        reachedOnce ||= reached;
        kills += reached ? 1 : 0;
        const where = `${point.operation.name}: ${point.when} ${point.label}${again ? '' : ', alone'}`;
        violations.push(...faults.map((fault) => `${where}: ${fault}`));
      }
    if (!reachedOnce) missed += 1;
  }
  report({
    test: name,
    seed,
    engines: cluster.engines,
    counts: { found: all.length, points: chosen.length, kills, missed },
    violations,
  });
  expect(violations).toEqual([]);
  // Points that no run reaches prove nothing; of a few points one may be a write that came at another moment.
  expect(missed).toBeLessThanOrEqual(Math.max(1, chosen.length * 0.2));
}

test('a death at any durable step: asked again, everything is there once, and nothing is left over', async () => {
  await prove('T2-crash-points', OPERATIONS, [true]);
}, 3_600_000);

test('a death between any two steps of call, transfer and take-over: never nobody’s, asked again or left alone', async () => {
  await prove('T2-owner-crash-points', ownerOperations(lab), [false, true]);
}, 3_600_000);

test('what a server stored and died before telling is shown to the other side, though nobody asks again', async () => {
  const { visitor, counselor, id } = await lab.talking();
  const desk = startDevice(counselor, [lab.other.url], createHistory(), 0);
  desk.client.start();
  const load = async () => {
    await desk.client.load(id);
    return desk.client.getState().connection === 'connected';
  };
  await until(load, 'the desk is there', 30_000, true);
  const victim = lab.asked;
  victim.tap.onStrike(() => victim.signal('SIGKILL'));
  victim.tap.watch(({ name, collection }) =>
    name === 'insert' && collection === 'messages' ? 'after' : 'pass',
  );
  const json = { clientMsgId: 'last-words', kind: 'text', text: '最后一句' };
  const answer = await call(lab.asked.url, 'POST', `/api/v1/conversations/${id}/messages`, visitor, json);
  victim.tap.watch(null);
  expect(answer).toBeNull();
  const row = await lab.models.Message.findOne({ conversation: id, clientMsgId: 'last-words' }).lean();
  expect(row).not.toBeNull();
  const shown = () => desk.client.getState().conversations[id]?.messages ?? [];
  await until(() => shown().some(({ seq }) => seq === row?.seq), 'the desk shows it', 20_000);
  desk.stop();
  await victim.start();
}, 120_000);
