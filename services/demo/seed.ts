/**
 * What a new installation begins with. In demo mode an empty database is given a hotline with a past; elsewhere the
 * first system admin and the default institution. A database that holds anybody is left as it is.
 */
import { ConfigError } from '../../platform/config.js';
import { dayOf } from '../roster/day.js';
import { createFirstAdmin } from './first-admin.js';
import { pastConversation, type PastConversation } from './past.js';
import { DEMO_PEOPLE } from './people.js';
import { DEMO_DAYS, planPast } from './plan.js';
import { replyRows } from './replies.js';
import { codeOf, dutyRows, institutionRows, rosterRows, staffRows, type Needs } from './staff.js';
import { visitorOf, visitorRows, whoCame } from './visitors.js';

export interface Seeded {
  outcome: 'demo' | 'first-admin' | 'no-admin' | 'nothing';
  conversations: number;
  messages: number;
}

const NOTHING: Seeded = { outcome: 'nothing', conversations: 0, messages: 0 };
const BATCH = 1_000;

/**
 * Safe to repeat; one that broke off is begun anew. Needs the migration before it and nobody else writing.
 * @param days how long the demo's past is
 * @throws ConfigError with one clear sentence where production has no ADMIN_PASSWORD, or holds the demo's people
 */
export async function seed(ctx: Needs, days = DEMO_DAYS): Promise<Seeded> {
  const { User } = ctx.models;
  if (ctx.config.production && (await User.exists({ demo: true, role: { $ne: 'VISITOR' } })))
    throw new ConfigError(
      'This database holds the demo, whose passwords everybody knows: give production a database of its own.',
    );
  // The demo's staff is written last: its visitors alone are what a broken seed left behind.
  const somebody = await User.exists({ $or: [{ demo: { $ne: true } }, { role: { $ne: 'VISITOR' } }] });
  if (somebody) return NOTHING;
  if (ctx.config.demo) return seedDemo(ctx, days);
  return { ...NOTHING, outcome: await createFirstAdmin(ctx) };
}

async function seedDemo(ctx: Needs, days: number): Promise<Seeded> {
  await removeRemains(ctx);
  const now = ctx.clock.now();
  const plan = planPast(now, dayOf(now), days);
  const staff = await staffRows(ctx, await takeUserIDs(ctx, DEMO_PEOPLE.length));
  const byName = new Map(staff.map((row) => [row.username, row]));
  const guests = whoCame(plan);
  const visitors = visitorRows(ctx, guests, await takeUserIDs(ctx, guests.size));

  for (const { _id, ...fields } of institutionRows(ctx))
    await ctx.models.Institution.updateOne({ _id }, { $set: fields }, { upsert: true });
  const wrappers = {
    first: await ctx.keys.institution(codeOf(ctx, 'first')),
    second: await ctx.keys.institution(codeOf(ctx, 'second')),
  };
  const past = plan.map((planned) =>
    pastConversation(ctx, wrappers[planned.house], planned, visitorOf(visitors, planned), byName),
  );
  const messages = await store(ctx, past);
  await ctx.models.Duty.insertMany(dutyRows(ctx, byName));
  await ctx.models.WeeklyRule.insertMany(rosterRows(ctx, byName));
  await ctx.models.CannedReply.insertMany(replyRows(ctx));
  await ctx.models.User.insertMany([...visitors.values()], { ordered: false });
  await ctx.models.User.insertMany(staff);
  return { outcome: 'demo', conversations: past.length, messages };
}

/** Conversations first: by them a broken seed finds what it left behind. */
async function store({ models }: Needs, past: PastConversation[]): Promise<number> {
  const messages = past.flatMap((each) => each.messages);
  const writes = [
    [models.Conversation, past.map(({ conversation }) => conversation)],
    [models.DataKey, past.map(({ key }) => key)],
    [models.Message, messages],
    [models.Evaluation, past.flatMap(({ evaluations }) => evaluations)],
  ] as const;
  // Below the models, as the journal writes: the rows name every field themselves.
  for (const [model, rows] of writes)
    for (let from = 0; from < rows.length; from += BATCH)
      await model.collection.insertMany(rows.slice(from, from + BATCH), { ordered: false });
  return messages.length;
}

/** What a seed that broke off left: everything marked as demo, and what belongs to it. */
async function removeRemains({ models }: Needs): Promise<void> {
  const left = await models.Conversation.find({ demo: true }, { _id: 1 }).lean();
  const ids = left.map(({ _id }) => _id);
  if (ids.length > 0) {
    await models.Message.deleteMany({ conversation: { $in: ids } });
    await models.Evaluation.deleteMany({ conversation: { $in: ids } });
    await models.Conversation.deleteMany({ _id: { $in: ids } });
  }
  await models.DataKey.deleteMany({ scope: 'conversation', ref: { $in: ids.map((id) => id.toHexString()) } });
  await models.WeeklyRule.deleteMany({ demo: true });
  await models.User.deleteMany({ demo: true, role: 'VISITOR' });
  // Nobody is there, so nobody's duty is meant.
  await models.Duty.deleteMany({});
  await models.CannedReply.deleteMany({});
}

/** A block of numbers in one step. */
async function takeUserIDs({ models }: Needs, count: number): Promise<number> {
  const counter = await models.Counter.findOneAndUpdate(
    { _id: 'userID' },
    { $inc: { value: count } },
    { returnDocument: 'after' },
  ).lean();
  if (!counter) throw new Error('The counter userID is missing: run the migration first.');
  return counter.value - count + 1;
}
