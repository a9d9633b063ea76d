/** The live wall as one caller may see it. */
import type { Types } from 'mongoose';
import type { Light, Wall, WallPerson, WallSession, WallWaiting } from '../../contract/wall.js';
import type { Actor, Ctx } from '../context.js';
import { wallReach, type WallReach } from '../policies/wall.js';
import type { Policy } from '../policy/rules.js';
import { gatherWall, type Gathered, type Gathering } from './gather.js';

/**
 * @param asked an institution; system admins only
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export async function readWall(
  ctx: Ctx,
  actor: Pick<Actor, 'id' | 'role' | 'institution'>,
  asked?: string,
): Promise<Wall> {
  const { reach, institution } = wallReach(actor, asked);
  const gathered = await gatherWall(ctx, institution);
  return present(gathered, await ctx.policies.get(institution), reach, actor.id);
}

function present(gathered: Gathered, policy: Policy, reach: WallReach, me: string): Wall {
  const { open, at } = gathered;
  const running = open.filter(({ status }) => status === 'IN_PROGRESS');
  const waiting = open
    .filter(({ status }) => status === 'WAITING')
    .sort((a, b) => a.queueScore - b.queueScore)
    .map((row) => presentWaiting(row, policy));
  const isOpenTo = reach === 'own' ? [] : waiting;
  return {
    time: at,
    lights: lightsOf(gathered, policy, running.length, waiting),
    sessions: running
      .filter((row) => reaches(gathered, row, reach, me))
      .map((row) => presentSession(gathered, row))
      .sort((a, b) => (a.unansweredSince ?? Infinity) - (b.unansweredSince ?? Infinity)),
    waiting: isOpenTo,
    supervisors: reach === 'own' ? [] : gathered.supervisors.map(({ id, name }) => ({ id, name })),
    counselors: gathered.counselors,
  };
}

/** The same rule as by id (I13). */
function reaches(gathered: Gathered, row: Gathering, reach: WallReach, me: string): boolean {
  const owner = row.counselor?.toHexString();
  switch (reach) {
    case 'all':
    case 'institution':
      return true;
    case 'own':
      return owner === me;
    case 'bound': {
      const called = gathered.calls.get(row._id.toHexString())?.supervisors.has(me) ?? false;
      const bound = owner !== undefined && (gathered.bound.get(owner)?.has(me) ?? false);
      return owner === me || called || bound;
    }
  }
}

const person = (id: Types.ObjectId | null, name: string | null): WallPerson | null =>
  id && { id: id.toHexString(), name };
const deadline = (row: Gathering, kind: string) =>
  row.deadlines.find((entry) => entry.kind === kind)?.at.getTime() ?? null;

function presentSession(gathered: Gathered, row: Gathering): WallSession {
  const id = row._id.toHexString();
  return {
    conversationId: id,
    counselor: person(row.counselor, row.counselorName),
    visitor: person(row.visitor, row.visitorName),
    startTime: row.startAt?.getTime() ?? null,
    limitTime: deadline(row, 'limit'),
    risk: row.risk,
    unansweredSince: gathered.unanswered.get(id) ?? null,
    visitorLostTime: row.visitorLostAt?.getTime() ?? null,
    counselorBackBy: deadline(row, 'dropped'),
    calledSince: gathered.calls.get(id)?.since ?? null,
    takenOver: Boolean(row.takenFrom) && !row.counselor?.equals(row.takenFrom ?? ''),
    watchers: (row.watch ?? []).map(({ supervisor, mode }) => ({ id: supervisor.toHexString(), mode })),
  };
}

/** Its waiting deadline says since when it waits: also of one that came back. */
function presentWaiting(row: Gathering, policy: Policy): WallWaiting {
  const until = deadline(row, 'waiting');
  return {
    conversationId: row._id.toHexString(),
    visitor: person(row.visitor, row.visitorName),
    since: until === null ? row.createdAt.getTime() : until - policy.waitingLimitMs,
    risk: row.risk,
    urgency: row.urgency ?? 'none',
    requested: row.requested?.toHexString() ?? null,
  };
}

function lightsOf(
  { open, at, supervisors, counselors }: Gathered,
  { lights, longWaitMinutes }: Policy,
  running: number,
  waiting: WallWaiting[],
): Wall['lights'] {
  const load = running / Math.max(1, counselors.online);
  const long = waiting.filter(({ since }) => at - since > longWaitMinutes * 60_000).length;
  const high = open.filter(({ risk }) => risk === 'high').length;
  return {
    load: above(Math.round(load * 100) / 100, lights.load),
    longWaiting: above(long, lights.longWaiting),
    supervisors: below(supervisors.length, lights.supervisors),
    highRisk: above(high, lights.highRisk),
  };
}

type Limits = Policy['lights']['load'];
const above = (value: number, { amber, red }: Limits): Light => ({
  value,
  light: value >= red ? 'red' : value >= amber ? 'amber' : 'green',
});
const below = (value: number, { amber, red }: Limits): Light => ({
  value,
  light: value <= red ? 'red' : value <= amber ? 'amber' : 'green',
});
