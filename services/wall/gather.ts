/** What the wall of one institution is made of, read once a node and moment however many look at it. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Models } from '../../models/index.js';
import type { Ctx } from '../context.js';
import { unansweredOf } from './unanswered.js';

/** How long a node shows what it gathered: with the beat of realtime/wall.ts nothing shown is older than 5 s. */
const HOLDS_MS = 1_000;

const FIELDS = {
  status: 1,
  visitor: 1,
  visitorName: 1,
  counselor: 1,
  counselorName: 1,
  takenFrom: 1,
  requested: 1,
  risk: 1,
  urgency: 1,
  watch: 1,
  startAt: 1,
  createdAt: 1,
  deadlines: 1,
  lastSeq: 1,
  queueScore: 1,
  visitorLostAt: 1,
} as const;
export type Gathering = Pick<Conversation, '_id' | keyof typeof FIELDS>;

export interface Gathered {
  /** Epoch ms. */
  at: number;
  open: Gathering[];
  /** By session, hex: who was called to it and did not decline; and since when nobody answers. */
  calls: Map<string, { supervisors: Set<string>; since: number | null }>;
  /** Counselor to the supervisors bound to them, hex. */
  bound: Map<string, Set<string>>;
  unanswered: Map<string, number>;
  supervisors: { id: string; name: string | null }[];
  counselors: { online: number; seats: number; taken: number };
}

interface Held {
  readAt: number;
  gathered: Promise<Gathered>;
}
const heldBy = new WeakMap<Models, Map<string, Held>>();

export async function gatherWall(ctx: Ctx, institution: string): Promise<Gathered> {
  let held = heldBy.get(ctx.models);
  if (!held) heldBy.set(ctx.models, (held = new Map<string, Held>()));
  const cache = held;
  const known = cache.get(institution);
  if (known && ctx.clock.monotonic() - known.readAt < HOLDS_MS) return known.gathered;
  const entry = { readAt: ctx.clock.monotonic(), gathered: read(ctx, institution) };
  cache.set(institution, entry);
  entry.gathered.catch(() => {
    if (cache.get(institution) === entry) cache.delete(institution);
  });
  return entry.gathered;
}

async function read(ctx: Ctx, institution: string): Promise<Gathered> {
  const at = ctx.clock.now();
  const [open, threads, duties, supervisors] = await Promise.all([
    ctx.models.Conversation.find({ open: true, institution }, FIELDS).lean<Gathering[]>(),
    ctx.models.Conversation.find({ openThread: true, institution }, { session: 1, calls: 1 }).lean(),
    ctx.models.Duty.find(
      { institution, presence: 'online' },
      { enabled: 1, lostAt: 1, maxConsults: 1, seats: 1 },
    ).lean(),
    connectedSupervisors(ctx, institution, at),
  ]);
  const running = open.filter(({ status }) => status === 'IN_PROGRESS');
  const here = duties.filter(({ enabled, lostAt }) => enabled && !lostAt);
  return {
    at,
    open,
    calls: callsOf(threads),
    bound: await boundOf(
      ctx,
      running.flatMap(({ counselor }) => counselor ?? []),
    ),
    unanswered: await unansweredOf(ctx, running),
    supervisors,
    counselors: {
      online: here.length,
      seats: here.reduce((sum, { maxConsults }) => sum + maxConsults, 0),
      taken: here.reduce((sum, { seats }) => sum + seats.length, 0),
    },
  };
}

function callsOf(threads: Pick<Conversation, 'session' | 'calls'>[]): Gathered['calls'] {
  return new Map(
    threads.flatMap(({ session, calls = [] }) => {
      if (!session) return [];
      const standing = calls.filter(({ state, leftAt }) => state !== 'DECLINED' && leftAt === null);
      const answered = standing.some(({ state }) => state === 'ACCEPTED');
      const since = answered ? null : Math.min(...standing.map((call) => call.at.getTime()));
      return [
        [
          session.toHexString(),
          {
            supervisors: new Set(standing.map(({ supervisor }) => supervisor.toHexString())),
            since: since === null || !Number.isFinite(since) ? null : since,
          },
        ],
      ];
    }),
  );
}

async function boundOf(ctx: Ctx, owners: Types.ObjectId[]): Promise<Gathered['bound']> {
  if (owners.length === 0) return new Map();
  const users = await ctx.models.User.find({ _id: { $in: owners } }, { supervisors: 1 }).lean();
  return new Map(
    users.map(({ _id, supervisors }) => [
      _id.toHexString(),
      new Set(supervisors.map((supervisor) => supervisor.toHexString())),
    ]),
  );
}

async function connectedSupervisors(ctx: Ctx, institution: string, now: number) {
  const people = await ctx.models.User.find(
    { institution, role: 'SUPERVISOR', deleted: false },
    { name: 1, enabled: 1 },
  ).lean();
  const serving = people.filter(({ enabled }) => enabled);
  const ids = serving.map(({ _id }) => _id);
  const rows = ids.length === 0 ? [] : await ctx.models.Connection.find({ user: { $in: ids } }).lean();
  const connected = new Set(
    rows.filter(({ until }) => until.getTime() >= now).map(({ user }) => user.toHexString()),
  );
  return serving
    .map(({ _id, name }) => ({ id: _id.toHexString(), name }))
    .filter(({ id }) => connected.has(id));
}
