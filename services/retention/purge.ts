/** The automatic purge: what is older than its class allows. It runs every hour, and never twice at once harmfully. */
import type { Ctx } from '../context.js';
import { scheduleErasure } from '../conversation/delete.js';
import { eraseOffline } from '../offline-message/erase.js';
import { isHeld } from './hold.js';
import { DAY_MS, rulesOf } from './rules.js';

const AT_ONCE = 100;
const EVERY_MS = 3_600_000;

export async function sweepRetention(ctx: Ctx): Promise<void> {
  if (!(await isTurn(ctx))) return;
  for (const { _id } of await ctx.models.Institution.find({}, { _id: 1 }).lean()) await purge(ctx, _id);
}

/** One worker an hour; a lease row says whose turn it was. */
async function isTurn(ctx: Ctx): Promise<boolean> {
  const now = ctx.clock.now();
  const lease = { holder: ctx.node, until: new Date(now + EVERY_MS) };
  const taken = await ctx.models.Lease.updateOne(
    { _id: 'retention', until: { $lt: new Date(now) } },
    { $set: lease },
  );
  if (taken.modifiedCount === 1) return true;
  const made = await ctx.models.Lease.collection
    .insertOne({ _id: 'retention' as never, ...lease })
    .catch(() => null);
  return made !== null;
}

/** @returns how many conversations are on their way out */
export async function purge(ctx: Ctx, institution: string): Promise<number> {
  const rules = await rulesOf(ctx, institution);
  const now = ctx.clock.now();
  const before = (maxDays: number) => new Date(now - maxDays * DAY_MS);
  const { models } = ctx;
  if (rules.exportTask.maxDays !== null)
    await models.ExportTask.deleteMany({
      institution,
      createdAt: { $lt: before(rules.exportTask.maxDays) },
      file: null,
      status: { $in: ['DONE', 'FAILED', 'CANCELLED'] },
    });
  if (institution === ctx.config.DEFAULT_INSTITUTION) await purgeShared(ctx, rules);
  if (rules.conversation.maxDays === null) return 0;
  const held = await models.LegalHold.find({ liftedAt: null, visitor: { $ne: null } }, { visitor: 1 }).lean();
  await eraseOffline(ctx, {
    institution,
    state: 'DONE',
    createdAt: { $lt: before(rules.conversation.maxDays) },
    visitor: { $nin: held.flatMap(({ visitor }) => visitor ?? []) },
  });
  const old = await models.Conversation.find({
    institution,
    deletedAt: null,
    createdAt: { $lt: before(rules.conversation.maxDays) },
  })
    .limit(AT_ONCE)
    .lean();
  let gone = 0;
  for (const row of old) {
    // Its age counts from its end; what is open, held or a thread of something younger stays.
    if (!row.endAt || row.endAt >= before(rules.conversation.maxDays) || (await isHeld(ctx, row))) continue;
    await ctx.audit.write({
      institution,
      actor: null,
      action: 'conversation.purge',
      subject: `conversation:${row._id.toHexString()}`,
      reason: `older than ${String(rules.conversation.maxDays)} days`,
    });
    await scheduleErasure(ctx, row, { cause: 'retention', actor: null });
    gone += 1;
  }
  return gone;
}

/** What belongs to the installation follows the rules of its default institution. */
async function purgeShared(ctx: Ctx, rules: Awaited<ReturnType<typeof rulesOf>>): Promise<void> {
  const before = (maxDays: number) => new Date(ctx.clock.now() - maxDays * DAY_MS);
  const { models } = ctx;
  if (rules.session.maxDays !== null)
    await models.Session.deleteMany({ absoluteEnd: { $lt: before(rules.session.maxDays) } });
  if (rules.deadLetter.maxDays !== null) {
    const letters = await models.DeadLetter.find(
      { at: { $lt: before(rules.deadLetter.maxDays) } },
      { payloadKey: 1 },
    ).lean();
    for (const { _id, payloadKey } of letters) {
      await models.DataKey.updateOne({ _id: payloadKey }, { $set: { wrapped: null } });
      await models.DeadLetter.deleteOne({ _id });
    }
  }
}
