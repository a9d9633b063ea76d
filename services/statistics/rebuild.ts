/**
 * Makes every rollup anew (`npm run rollups:rebuild`), while the product runs: figures stay right throughout,
 * since what is not counted is read live. Three steps: everything is marked as not yet counted, with the other
 * workers paused; a new epoch begins, in which nothing is counted; it is counted, and the old rows go.
 */
import { randomUUID } from 'node:crypto';
import { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { rollUp } from './rollup.js';
import { sourcesOf } from './sources.js';

const PAUSE_MS = 10 * 60_000;

/**
 * @returns how many sources were counted
 * @throws Error when marking took longer than the pause lasted; calling again begins anew
 */
export async function rebuildRollups(ctx: Ctx): Promise<number> {
  const { models } = ctx;
  const pausedBy = randomUUID();
  await models.RollupState.updateOne(
    { _id: 'rollup' },
    // A rollup under way fails against this or is over: none begins before the new epoch.
    { $set: { pausedBy, pausedUntil: new Date(ctx.clock.now() + PAUSE_MS) }, $inc: { generation: 1 } },
  );
  await findFirstReplies(ctx);
  for (const source of sourcesOf(models))
    await source.model.collection.updateMany({}, { $set: { unrolled: new Types.ObjectId() } });
  const begun = await models.RollupState.findOneAndUpdate(
    { _id: 'rollup', pausedBy },
    { $inc: { epoch: 1, generation: 1 }, $set: { pausedBy: null, pausedUntil: null } },
    { returnDocument: 'after' },
  ).lean();
  if (!begun) throw new Error('another rebuild began meanwhile, or this one took too long; run it again');
  let counted = 0;
  // A batch that met a change is left to the next round.
  for (let round = 0; round < 100; round += 1) {
    const more = await rollUp(ctx);
    if (more === 0) break;
    counted += more;
  }
  await models.Rollup.deleteMany({ epoch: { $lt: begun.epoch } });
  await models.RolledFacts.deleteMany({ epoch: { $lt: begun.epoch } });
  return counted;
}

/** What a crash between a counselor's first message and its note left out. */
async function findFirstReplies(ctx: Ctx): Promise<void> {
  const rows = await ctx.models.Conversation.find(
    { type: 'COUNSELING_SESSION', startAt: { $ne: null }, firstReply: null },
    { _id: 1 },
  ).lean();
  for (const { _id } of rows) {
    const [first] = await ctx.models.Message.find(
      { conversation: _id, senderType: 'COUNSELOR' },
      { at: 1, sender: 1 },
    )
      .sort({ seq: 1 })
      .limit(1)
      .lean();
    if (first?.sender)
      await ctx.models.Conversation.updateOne(
        { _id, firstReply: null },
        { $set: { firstReply: { at: first.at, by: first.sender } } },
      );
  }
}
