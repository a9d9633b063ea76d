/** What keeps exports true: lost wakes, dead workers, expired files, and files that nobody owns. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ctx } from '../context.js';
import { ensureFolder, exportFolder } from './folder.js';
import { MAX_TRIES } from './lease.js';
import { eraseFiles, filesOf, isOver, sweepUntidy } from './tidy.js';
import { tellAsker } from './task.js';
import { wakeExport } from './wake.js';

/** A fresh task's own job wakes it; a sweep is for the lost one. */
const OWN_WAKE_MS = 3_000;
/** A file without a task: its try may still be writing it. */
const ORPHAN_MS = 3_600_000;
const SWEEP_MS = 2_000;
const ORPHANS_EVERY = 300;

export async function sweepExports(ctx: Ctx): Promise<void> {
  await endHopeless(ctx);
  await wakeLost(ctx);
  await eraseExpired(ctx);
  await sweepUntidy(ctx);
  // Stateless, as each sweep is: once in ten minutes.
  if (Math.floor(ctx.clock.now() / SWEEP_MS) % ORPHANS_EVERY === 0) await sweepOrphans(ctx);
}

/** Taken up as often as allowed and never finished: it ends FAILED, with a reason (I11). */
async function endHopeless(ctx: Ctx): Promise<void> {
  const lapsed = { status: 'RUNNING' as const, leaseUntil: { $lte: new Date(ctx.clock.now()) } };
  const rows = await ctx.models.ExportTask.find({ ...lapsed, fence: { $gte: MAX_TRIES } }, { _id: 1 }).lean();
  for (const { _id } of rows) {
    const failed = await ctx.models.ExportTask.findOneAndUpdate(
      { _id, ...lapsed },
      {
        $set: {
          status: 'FAILED',
          error: '导出多次中断，请减少会谈数量后重新导出，或联系管理员。',
          leaseUntil: null,
          key: null,
        },
      },
      { returnDocument: 'after' },
    ).lean();
    if (failed) tellAsker(ctx, failed);
  }
}

async function wakeLost(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  const rows = await ctx.models.ExportTask.find(
    {
      $or: [
        { status: 'QUEUED', createdAt: { $lte: new Date(now - OWN_WAKE_MS) } },
        { status: 'RUNNING', leaseUntil: { $lte: new Date(now) } },
      ],
    },
    { fence: 1 },
  )
    .limit(500)
    .lean();
  for (const row of rows) wakeExport(ctx, row);
}

/** The key goes first: from then on no copy of the file can be read, wherever it lies. */
async function eraseExpired(ctx: Ctx): Promise<void> {
  const rows = await ctx.models.ExportTask.find({
    status: 'DONE',
    expiresAt: { $lte: new Date(ctx.clock.now()) },
    $or: [{ key: { $ne: null } }, { file: { $ne: null } }],
  })
    .limit(100)
    .lean();
  for (const row of rows) {
    await ctx.models.ExportTask.updateOne({ _id: row._id }, { $set: { key: null } });
    await eraseFiles(ctx, row);
    await ctx.models.ExportTask.updateOne({ _id: row._id }, { $set: { file: null, proof: null } });
  }
}

/** Files that no task accounts for: looked for rarely, they are sealed and can't be fetched. */
async function sweepOrphans(ctx: Ctx): Promise<void> {
  const names = (await readdir(await ensureFolder(ctx))).filter((name) => /^[0-9a-f]{24}\./.test(name));
  const idOf = (name: string) => name.slice(0, 24);
  const tasks = await ctx.models.ExportTask.find(
    { _id: { $in: [...new Set(names.map(idOf))] } },
    { file: 1, proof: 1, status: 1 },
  ).lean();
  const owned = new Set(tasks.flatMap((task) => filesOf(task)));
  // The next try goes on with what is there, however old it is.
  const going = new Set(tasks.filter(({ status }) => !isOver(status)).map(({ _id }) => _id.toHexString()));
  for (const name of names) {
    if (owned.has(name) || going.has(idOf(name))) continue;
    const path = join(exportFolder(ctx), name);
    const age = await stat(path).then(
      (info) => ctx.clock.now() - info.mtimeMs,
      () => 0,
    );
    if (age >= ORPHAN_MS) await rm(path, { force: true });
  }
}
