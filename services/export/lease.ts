/**
 * Who works on an export. A try is a lease with a fence (invariants.md, design f): each worker that takes a task up
 * raises the fence, every later write of a try is conditional on its own, so one that was paused past its lease can
 * neither report progress nor finish.
 */
import type { ExportFile, ExportTask } from '../../models/export-task.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { tellAsker } from './task.js';

/** Renewals within one lease: a slow one or two must not lose it. */
const RENEWALS = 5;
/** Tries in all: workers that die, whatever the reason. A task that kills its worker must end too. */
export const MAX_TRIES = 12;
/** Tries that ended with an error of their own. */
const MAX_FAILURES = 3;
const FILE_LIFE_MS = 24 * 3_600_000;

export interface Lease {
  task: ExportTask;
  /** Aborts when the task was cancelled, taken by another worker, or this worker stops. */
  signal: AbortSignal;
  /** 0 to 100; told at most every 500 ms. */
  progress(percent: number): Promise<void>;
  /** @returns false when the try has lost its lease: what it made must be erased */
  finish(made: { file: ExportFile; proof: ExportFile | null; messages: number }): Promise<boolean>;
  /** Gives the task back after an error, or ends it when that was the last try. */
  fail(reason: string, options: { final: boolean }): Promise<void>;
  /** Gives the task back without counting it as a failure. */
  release(delayMs: number): Promise<void>;
  stop(): void;
}

/** Takes a task up; null when it is finished, cancelled, or another worker has it. */
export async function takeTask(ctx: Ctx, id: string, stopping: AbortSignal): Promise<Lease | null> {
  const now = ctx.clock.now();
  const task = await ctx.models.ExportTask.findOneAndUpdate(
    {
      _id: objectId(id),
      $or: [{ status: 'QUEUED' }, { status: 'RUNNING', leaseUntil: { $lte: new Date(now) } }],
      fence: { $lt: MAX_TRIES },
    },
    {
      $set: {
        ...{ status: 'RUNNING', leaseUntil: new Date(now + ctx.config.EXPORT_LEASE_MS), progress: 0 },
        untidy: true,
      },
      $inc: { fence: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  return task ? hold(ctx, task, stopping) : null;
}

function hold(ctx: Ctx, task: ExportTask, stopping: AbortSignal): Lease {
  const lost = new AbortController();
  const own = { _id: task._id, status: 'RUNNING' as const, fence: task.fence };
  let told = -Infinity;
  let percent = 0;

  /** Any write of this try; null when it is not this try's task any more. */
  async function write(fields: Partial<ExportTask>): Promise<ExportTask | null> {
    const written = await ctx.models.ExportTask.findOneAndUpdate(
      own,
      { $set: fields },
      { returnDocument: 'after' },
    ).lean();
    if (!written) lost.abort();
    return written;
  }
  const renewed = () => new Date(ctx.clock.now() + ctx.config.EXPORT_LEASE_MS);

  const timer = setInterval(() => {
    write({ leaseUntil: renewed(), progress: percent }).catch((error: unknown) => {
      // The lease goes on running out: another worker may take over, the fence decides.
      ctx.log.warn({ err: String(error), export: task._id.toHexString() }, 'export lease not renewed');
    });
  }, ctx.config.EXPORT_LEASE_MS / RENEWALS);
  timer.unref();

  return {
    task,
    signal: AbortSignal.any([lost.signal, stopping]),
    async progress(value) {
      percent = Math.max(percent, Math.min(99, Math.floor(value)));
      if (ctx.clock.monotonic() - told < 500) return;
      told = ctx.clock.monotonic();
      const written = await write({ progress: percent, leaseUntil: renewed() });
      if (written) tellAsker(ctx, written);
    },
    async finish({ file, proof, messages }) {
      const done = await write({
        status: 'DONE',
        progress: 100,
        file,
        proof,
        messages,
        leaseUntil: null,
        expiresAt: new Date(ctx.clock.now() + FILE_LIFE_MS),
      });
      if (done) tellAsker(ctx, done);
      return done !== null;
    },
    async fail(reason, { final }) {
      const failures = task.failures + 1;
      const over = final || failures >= MAX_FAILURES;
      const written = await write(
        over
          ? { status: 'FAILED', error: reason, failures, leaseUntil: null, key: null }
          : { failures, leaseUntil: new Date(ctx.clock.now() + 2_000 * failures) },
      );
      if (written && over) tellAsker(ctx, written);
    },
    async release(delayMs) {
      await write({ leaseUntil: new Date(ctx.clock.now() + delayMs) });
    },
    stop() {
      clearInterval(timer);
    },
  };
}
