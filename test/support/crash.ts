/**
 * Crash points: a server or worker of a cluster is killed just before a durable write of an operation, or just after it
 * took effect. Points are found by watching the operation once, so a new write is a new point.
 */
import { randomUUID } from 'node:crypto';
import { http, type HttpAnswer } from './clients.js';
import { judgeSeats, judgeTranscript } from './checker.js';
import { makeCounselor, makePerson, type Person } from './factories.js';
import type { Cluster, NodeProcess } from './faults-cluster.js';
import type { Command } from './faults-tap.js';
import { until } from './poll.js';

/** What every node writes beside any operation. */
const BACKGROUND = new Set([
  'leases',
  'sessions',
  'users',
  'connections',
  'presenceSpans',
  'outbox',
  'rollups',
]);
const ROOM = process.env['PROOF_SEED'] === undefined ? 4 : 1;
export const ANSWER_MS = 8_000;
const RIGHT_WITHIN_MS = 25_000 * ROOM;
const LOOK_MS = 250;
const MOST_ASKED = 12;

/** One run of an operation: what is done, and what must hold afterwards. */
export interface CrashScene {
  /** @param url of the server that is asked */
  act(url: string): Promise<HttpAnswer | null>;
  /**
   * Faults that stand; asked until there is none.
   * @param asked the client asked again after the death
   */
  judge(first: HttpAnswer | null, asked: boolean): Promise<string[]>;
  /** Faults that may stand at no moment; looked at all the time. */
  never?(): Promise<string[]>;
}
export interface CrashOperation {
  name: string;
  victim: 'server' | 'worker';
  prepare(): Promise<CrashScene>;
}
export interface CrashPoint {
  operation: CrashOperation;
  label: string;
  when: 'before' | 'after';
}

export async function call(base: string, method: string, path: string, person: Person, json?: unknown) {
  try {
    return await http(base, method, path, {
      token: person.token,
      ...(json === undefined ? {} : { json }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch {
    return null;
  }
}

const pause = () => new Promise((done) => setTimeout(done, LOOK_MS));

/** What stood wrong at any look until it is over. */
async function look({ never }: CrashScene, isOver: () => boolean): Promise<string[]> {
  const seen = new Set<string>();
  while (never && !isOver()) {
    for (const fault of await never()) seen.add(fault);
    await pause();
  }
  return [...seen];
}

/** Numbers the writes of one operation: "insert messages 1", "update duties 2". */
function counter(): (command: Command) => string | null {
  const seen = new Map<string, number>();
  return ({ name, collection }) => {
    if (name === 'find' || BACKGROUND.has(collection)) return null;
    const label = `${name} ${collection}`;
    seen.set(label, (seen.get(label) ?? 0) + 1);
    return `${label} ${String(seen.get(label))}`;
  };
}

export type CrashLab = ReturnType<typeof crashLab>;

export function crashLab(cluster: Cluster) {
  const { models } = cluster;
  /** The server that dies, and the one that is asked afterwards. */
  const asked = cluster.servers[0] as NodeProcess;
  const other = cluster.servers[1] as NodeProcess;

  /** A scene of its own: whoever an earlier one left waiting must not take the seats of this one. */
  async function makeInstitution(): Promise<string> {
    const _id = `crash-${randomUUID().slice(0, 8)}`;
    await models.Institution.create({ _id, name: _id });
    return _id;
  }

  async function talking(): Promise<{
    visitor: Person;
    counselor: Person;
    id: string;
    institution: string;
  }> {
    const { ctx } = cluster.node;
    const institution = await makeInstitution();
    const counselor = await makeCounselor(ctx, 1, { institution });
    const visitor = await makePerson(ctx, 'VISITOR', { institution });
    const opened = await call(other.url, 'PUT', '/conversation', visitor, { counselor: counselor.id });
    const { id } = opened?.body.result as { id: string };
    // Another node's round may have been about to assign it when this one answered.
    await until(async () => (await rowOf(id)).status === 'IN_PROGRESS', 'the scene is set', 60_000);
    return { visitor, counselor, id, institution };
  }

  const rowOf = (id: string) => models.Conversation.findById(id).lean().orFail();

  async function transcriptFaults(id: string): Promise<string[]> {
    const rows = await models.Message.find({ conversation: id }).lean();
    return judgeTranscript(
      id,
      rows.map((row) => ({
        id: row._id.toHexString(),
        seq: row.seq,
        sender: row.sender?.toHexString() ?? null,
        clientMsgId: row.clientMsgId,
        ...(row.event ? { event: row.event } : {}),
      })),
      [],
    ).faults;
  }

  async function seatFaults(...people: Person[]): Promise<string[]> {
    const ids = people.map(({ user }) => user._id);
    const duties = await models.Duty.find({ _id: { $in: ids } }).lean();
    const held = duties.flatMap((duty) => duty.seats.map((seat) => seat.conversation));
    const open = await models.Conversation.find({
      $or: [
        { counselor: { $in: ids }, status: 'IN_PROGRESS', open: true },
        { _id: { $in: held }, open: true },
      ],
    }).lean();
    return judgeSeats(
      duties.map((duty) => ({
        counselor: duty._id.toHexString(),
        maxConsults: duty.maxConsults,
        seats: duty.seats.map((seat) => ({
          conversation: seat.conversation.toHexString(),
          state: seat.state,
        })),
      })),
      open.map((row) => ({
        id: row._id.toHexString(),
        visitor: row.visitor?.toHexString() ?? '',
        counselor: row.counselor?.toHexString() ?? null,
        status: row.status,
      })),
    );
  }

  const victimOf = ({ victim }: CrashOperation): NodeProcess =>
    victim === 'worker' ? cluster.worker : asked;

  async function pointsOf(operation: CrashOperation): Promise<CrashPoint[]> {
    const labels = new Set<string>();
    const scene = await operation.prepare();
    const label = counter();
    const { tap } = victimOf(operation);
    tap.watch((command) => {
      const found = label(command);
      if (found !== null) labels.add(found);
      return 'pass';
    });
    const first = await scene.act(asked.url);
    tap.watch(null);
    const faults = await scene.judge(first, true);
    if (faults.length > 0) throw new Error(`${operation.name} without any fault: ${faults.join('; ')}`);
    return [...labels].flatMap((each) =>
      (['before', 'after'] as const).map((when) => ({ operation, label: each, when })),
    );
  }

  /** Who is refused for the moment, or not answered, asks again: the seat that the dead node took may still stand. */
  async function insist(scene: CrashScene, { victim }: CrashOperation): Promise<void> {
    for (let times = 0; times < MOST_ASKED; times += 1) {
      const answer = await scene.act(other.url);
      if (answer ? answer.status < 400 : victim === 'worker') return;
      await pause();
    }
  }

  /**
   * @param again whether its client asks again, on the other server, as clients do; otherwise the sweepers have it
   * @returns whether the point was reached, and what was wrong at any moment and in the end
   */
  async function die(
    { operation, label, when }: CrashPoint,
    again = true,
  ): Promise<{ reached: boolean; faults: string[] }> {
    const scene = await operation.prepare();
    const victim = victimOf(operation);
    const numbered = counter();
    const state = { reached: false, over: false };
    const never = look(scene, () => state.over);
    victim.tap.onStrike(() => victim.signal('SIGKILL'));
    victim.tap.watch((command) => {
      if (state.reached || numbered(command) !== label) return 'pass';
      state.reached = true;
      return when;
    });
    const first = await scene.act(asked.url);
    victim.tap.watch(null);
    if (state.reached) await until(() => victim.isGone(), 'it died', 10_000);
    // A point that was not reached is an operation without any fault.
    const isAsked = again || !state.reached;
    await victim.start();
    if (isAsked) await insist(scene, operation);
    const begun = performance.now();
    let faults = await scene.judge(first, isAsked);
    while (faults.length > 0 && performance.now() - begun < RIGHT_WITHIN_MS) {
      await pause();
      faults = await scene.judge(first, isAsked);
    }
    state.over = true;
    return { reached: state.reached, faults: [...faults, ...(await never)] };
  }

  return {
    cluster,
    models,
    asked,
    other,
    makeInstitution,
    talking,
    rowOf,
    transcriptFaults,
    seatFaults,
    pointsOf,
    die,
  };
}
