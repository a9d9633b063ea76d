/**
 * Who holds a live connection, on whichever node and device. A closed one is noticed at once; one that died
 * silently within its node's ping (20 s); one whose node died when its row runs out (20 s, swept every 2 s).
 */
import { objectId } from '../../platform/mongo.js';
import type { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import type { Actor, Ctx } from '../context.js';
import { cameBack, wentAway } from './lost.js';

/** How long a row holds without its node's beat. */
const HOLDS_MS = 20_000;

type Person = Pick<Actor, 'id' | 'role'>;

const rowId = (ctx: Ctx, id: string) => `${ctx.node}:${id}`;

/** The first socket of somebody on this node. */
export async function connected(ctx: Ctx, person: Person): Promise<void> {
  const user = objectId(person.id);
  if (!user) return;
  const now = ctx.clock.now();
  await ctx.models.Connection.updateOne(
    { _id: rowId(ctx, person.id) },
    {
      $set: { until: new Date(now + HOLDS_MS) },
      $setOnInsert: { node: ctx.node, user, role: person.role, since: new Date(now) },
    },
    { upsert: true },
  );
  await cameBack(ctx, user, person.role);
}

/** The last socket of somebody on this node is gone; they may hold others elsewhere. */
export async function disconnected(ctx: Ctx, person: Person): Promise<void> {
  const user = objectId(person.id);
  if (!user) return;
  await ctx.models.Connection.deleteOne({ _id: rowId(ctx, person.id) });
  await goneUnlessElsewhere(ctx, user, person.role);
}

/** This node's beat: what it holds lives on, also what another node's sweep took for dead while we stood still. */
export async function keepConnections(ctx: Ctx, people: Person[]): Promise<void> {
  const until = new Date(ctx.clock.now() + HOLDS_MS);
  await ctx.models.Connection.updateMany({ node: ctx.node }, { $set: { until } });
  const rows = await ctx.models.Connection.find({ node: ctx.node }, { _id: 1 }).lean();
  const known = new Set(rows.map(({ _id }) => _id));
  for (const person of people) if (!known.has(rowId(ctx, person.id))) await connected(ctx, person);
}

/** Connections whose node is silent. */
export async function sweepConnections(ctx: Ctx): Promise<void> {
  const over = { until: { $lt: new Date(ctx.clock.now()) } };
  for (const row of await ctx.models.Connection.find(over).lean()) {
    const { deletedCount } = await ctx.models.Connection.deleteOne({ _id: row._id, ...over });
    if (deletedCount === 1) await goneUnlessElsewhere(ctx, row.user, row.role);
  }
}

async function goneUnlessElsewhere(ctx: Ctx, user: Types.ObjectId, role: Role): Promise<void> {
  const elsewhere = await ctx.models.Connection.exists({ user, until: { $gte: new Date(ctx.clock.now()) } });
  if (!elsewhere) await wentAway(ctx, user, role);
}
