/**
 * The drop drill: a party whose last connection is gone. The other side is told at once. A counselor has
 * DROP_GRACE_MS to come back; then each of their sessions waits again in front of the queue (time/dropped.ts).
 */
import type { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { announceDuty } from './announce.js';

/** How long a counselor without any live connection keeps their sessions and stays on line. */
export const DROP_GRACE_MS = 30_000;

export async function wentAway(ctx: Ctx, user: Types.ObjectId, role: Role): Promise<void> {
  if (role === 'COUNSELOR') await loseCounselor(ctx, user);
  if (role === 'VISITOR') await markVisitor(ctx, user, new Date(ctx.clock.now()));
}

export async function cameBack(ctx: Ctx, user: Types.ObjectId, role: Role): Promise<void> {
  if (role === 'COUNSELOR') await findCounselor(ctx, user);
  if (role === 'VISITOR') await markVisitor(ctx, user, null);
}

/** Only who is there by a connection can lose it: a state stated over HTTP needs none. */
async function loseCounselor(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const now = ctx.clock.now();
  const lost = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor, connectedUntil: { $ne: null }, lostAt: null },
    { $set: { lostAt: new Date(now), connectedUntil: new Date(now + DROP_GRACE_MS) } },
    { returnDocument: 'after' },
  ).lean();
  if (!lost) return;
  await announceDuty(ctx, lost);
  await armDrops(ctx, counselor, now + DROP_GRACE_MS);
}

async function findCounselor(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  await keepConnected(ctx, [counselor]);
  const found = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor, lostAt: { $ne: null } },
    { $set: { lostAt: null } },
    { returnDocument: 'after' },
  ).lean();
  if (!found) return;
  await announceDuty(ctx, found);
  await disarmDrops(ctx, counselor);
  await ctx.admissions.admit(found.institution);
}

/** Says that these counselors have a live connection: the state that hangs on it goes on. */
export async function keepConnected(ctx: Ctx, counselors: Types.ObjectId[]): Promise<void> {
  if (counselors.length === 0) return;
  await ctx.models.Duty.updateMany(
    // Only those whose state hangs on a connection: one stated over HTTP needs none.
    { _id: { $in: counselors }, connectedUntil: { $ne: null } },
    { $set: { connectedUntil: new Date(ctx.clock.now() + DROP_GRACE_MS) } },
  );
}

const running = (counselor: Types.ObjectId) => ({
  counselor,
  type: 'COUNSELING_SESSION' as const,
  status: 'IN_PROGRESS' as const,
});

async function armDrops(ctx: Ctx, counselor: Types.ObjectId, at: number): Promise<void> {
  const unarmed = { ...running(counselor), 'deadlines.kind': { $ne: 'dropped' as const } };
  for (const { _id } of await ctx.models.Conversation.find(unarmed, { _id: 1 }).lean()) {
    const armed = await ctx.models.Conversation.findOneAndUpdate(
      { _id, ...unarmed },
      { $push: { deadlines: { kind: 'dropped', at: new Date(at) } }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    ).lean();
    if (!armed) continue;
    await publishConversation(ctx, armed, null);
    await ctx.waker.wake(_id.toHexString(), 'dropped', new Date(at));
  }
}

async function disarmDrops(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const armed = { ...running(counselor), 'deadlines.kind': 'dropped' as const };
  for (const { _id } of await ctx.models.Conversation.find(armed, { _id: 1 }).lean())
    await disarmDrop(ctx, { _id });
}

/** The counselor is there: their visitor need not fear any more. */
export async function disarmDrop(ctx: Ctx, { _id }: Pick<Conversation, '_id'>): Promise<void> {
  const calm = await ctx.models.Conversation.findOneAndUpdate(
    { _id, status: 'IN_PROGRESS', 'deadlines.kind': 'dropped' },
    { $pull: { deadlines: { kind: 'dropped' } }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (calm) await publishConversation(ctx, calm, null);
}

/** The counselor sees that nobody is at the other end; nothing else happens, the place or session stays. */
async function markVisitor(ctx: Ctx, visitor: Types.ObjectId, lostAt: Date | null): Promise<void> {
  const marked = await ctx.models.Conversation.findOneAndUpdate(
    { visitor, open: true, visitorLostAt: lostAt === null ? { $ne: null } : null },
    { $set: { visitorLostAt: lostAt }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (marked) await publishConversation(ctx, marked, null);
}

/** Finishes what a crash left between the noticing and its deadlines. */
export async function sweepLost(ctx: Ctx): Promise<void> {
  for (const duty of await ctx.models.Duty.find({ lostAt: { $ne: null } }).lean())
    if (duty.lostAt) await armDrops(ctx, duty._id, duty.lostAt.getTime() + DROP_GRACE_MS);
}
