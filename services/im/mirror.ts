/**
 * Copies what is said in the built-in channel to the Tencent clients of the two parties, in order, at least once,
 * never before our own acknowledgement and never waited for by it. Only COUNSELING_SESSIONs: what counselor and
 * supervisor say to each other is refused here a third time (design.md, "Rooms and who hears what").
 */
import type { Conversation } from '../../models/conversation.js';
import type { ImMirrorRow } from '../../models/im-mirror.js';
import type { Message } from '../../models/message.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { mirrorOne } from './mirror-one.js';
import { ImRestError } from './rest.js';

const LEASE_MS = 30_000;
const PAGE = 100;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Listens to what this node wrote. A crash between the message and its row is repaired by the next one, or at night. */
export function startMirror(ctx: Ctx): void {
  if (!ctx.im || !ctx.config.im?.mirror) return;
  ctx.bus.on('message.created', ({ parties, message }, remote) => {
    if (remote || parties.type !== 'COUNSELING_SESSION' || message.clientMsgId?.startsWith('im:')) return;
    wantMirror(ctx, parties.id, message.seq).catch((error: unknown) => {
      ctx.log.warn({ err: String(error), conversation: parties.id }, 'not noted for Tencent; found at night');
    });
  });
}

/** Notes that a conversation is to be copied up to a seq, and wakes a worker. */
export async function wantMirror(ctx: Ctx, conversation: string, seq: number): Promise<void> {
  const _id = objectId(conversation);
  if (!_id) return;
  const dueAt = new Date(ctx.clock.now());
  // One that waits out a failure keeps its time.
  const noted = await ctx.models.ImMirror.updateOne({ _id, pending: true }, { $max: { wanted: seq } });
  if (noted.matchedCount === 0) {
    const begun = await ctx.models.ImMirror.updateOne(
      { _id },
      { $max: { wanted: seq }, $set: { pending: true, dueAt, attempts: 0 } },
    );
    if (begun.matchedCount === 0)
      await ctx.models.ImMirror.create({ _id, wanted: seq, dueAt }).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
        return ctx.models.ImMirror.updateOne({ _id }, { $max: { wanted: seq }, $set: { pending: true } });
      });
  }
  wake(ctx, conversation);
}

function wake(ctx: Ctx, conversation: string): void {
  ctx.jobs.add('im', { conversation }, { id: `im-${conversation}` });
}

/** Finds what a lost job or a failure left over. */
export async function sweepMirrors(ctx: Ctx): Promise<void> {
  if (!ctx.config.im?.mirror) return;
  const due = { pending: true, dueAt: { $lte: new Date(ctx.clock.now()) } };
  const rows = await ctx.models.ImMirror.find(due, { _id: 1 }).limit(200).lean();
  for (const { _id } of rows) wake(ctx, _id.toHexString());
}

/** Copies what is not there yet; one worker at a time. */
export async function mirrorConversation(ctx: Ctx, id: string): Promise<void> {
  const { im } = ctx;
  if (!im || !ctx.config.im?.mirror) return;
  const row = await lease(ctx, id);
  const conversation = row && (await ctx.models.Conversation.findById(row._id).lean());
  if (!row) return;
  // Nobody to send to yet: whoever is assigned is told of in a message, which wakes this again.
  const ready = conversation?.type === 'COUNSELING_SESSION' && conversation.visitor && conversation.counselor;
  if (!conversation || !ready || conversation.deletedAt) {
    await rest(ctx, row, row.wanted);
    return;
  }
  try {
    await copyAll(ctx, conversation, row);
  } catch (error) {
    if (!(error instanceof ImRestError)) throw error;
    const wait = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** row.attempts);
    const dueAt = new Date(ctx.clock.now() + (error.transient ? wait : LONGEST_WAIT_MS));
    await ctx.models.ImMirror.updateOne({ _id: row._id }, { $set: { dueAt, error: String(error.code) } });
  }
}

async function lease(ctx: Ctx, id: string): Promise<ImMirrorRow | null> {
  const now = ctx.clock.now();
  return ctx.models.ImMirror.findOneAndUpdate(
    { _id: objectId(id), pending: true, dueAt: { $lte: new Date(now) } },
    { $inc: { attempts: 1 }, $set: { dueAt: new Date(now + LEASE_MS) } },
    { returnDocument: 'after' },
  ).lean();
}

async function copyAll(ctx: Ctx, conversation: Conversation, row: ImMirrorRow): Promise<void> {
  let { done } = row;
  for (;;) {
    const messages = await ctx.models.Message.find({
      conversation: conversation._id,
      seq: { $gt: done, $lte: done + PAGE },
    }).lean();
    messages.sort((a, b) => a.seq - b.seq);
    for (const message of messages) {
      await copy(ctx, conversation, message);
      done = message.seq;
    }
    if (messages.length === 0 && (await rest(ctx, row, done))) return;
  }
}

/** One message, then how far we are. What Tencent will never take is passed over and noted. */
async function copy(ctx: Ctx, conversation: Conversation, message: Message): Promise<void> {
  let skipped = false;
  try {
    await mirrorOne(ctx, conversation, message);
  } catch (error) {
    if (!(error instanceof ImRestError) || error.transient || !isHopeless(error.code)) throw error;
    ctx.log.warn(
      { code: error.code, conversation: conversation._id.toHexString() },
      'Tencent will not take this',
    );
    skipped = true;
  }
  await ctx.models.ImMirror.updateOne(
    { _id: conversation._id },
    {
      $max: { done: message.seq },
      $set: { dueAt: new Date(ctx.clock.now() + LEASE_MS), attempts: 0, error: null },
      ...(skipped ? { $addToSet: { skipped: message.seq } } : {}),
    },
  );
}

/** Our set-up or account is at fault (70xxx, 60010, 90009 …): that waits. The message is: it is passed over. */
const OUR_SETUP = new Set([60010, 70403, 90009]);
const isHopeless = (code: number | null) =>
  code !== null && !OUR_SETUP.has(code) && (code < 70_000 || code >= 71_000);

/** @returns false when more was wanted meanwhile */
async function rest(ctx: Ctx, row: ImMirrorRow, done: number): Promise<boolean> {
  const rested = await ctx.models.ImMirror.updateOne(
    { _id: row._id, wanted: { $lte: done } },
    { $set: { pending: false, attempts: 0, error: null } },
  );
  return rested.matchedCount === 1;
}
