/**
 * A warm transfer: the owner asks a counselor by name, who says yes or no. Until the yes, which moves the owner in
 * one compare-and-set, nothing of the session changes: it is never nobody's (I22). Afterwards the former owner may
 * stay for a while, heard and hearing, so that the visitor is not handed over in silence.
 */
import type { Types } from 'mongoose';
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { TransferOutcome } from '../../contract/enums.js';
import type { OfferTransfer, Transfer as WireTransfer } from '../../contract/transfer.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { accessTarget, changed, handOver } from './hand-over.js';
import { postNote } from './note.js';
import { openNote, presentTransfers, sealNote } from './transfer-note.js';

/**
 * Asks a counselor to take a running session; the same one again is the same question.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running; they are off line or full; somebody else is
 * asked; a high risk without a whole note), CONFLICT
 */
export async function offerTransfer(ctx: Ctx, actor: Actor, input: OfferTransfer): Promise<WireTransfer> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'hand-over');
  const row = (await ctx.conversations.reload(input.id)) ?? conversation;
  const target = await accessTarget(ctx, row, input.counselor);
  const refuse = (message: string) => new AppError('RULE_REFUSED', { message });
  if (row.type !== 'COUNSELING_SESSION' || row.status !== 'IN_PROGRESS' || !row.counselor)
    throw refuse('只有进行中的会话可以转接。');
  if (row.counselor.equals(target._id)) throw refuse('该会话已经由对方接待。');
  const { risk, plan, next } = input.note;
  if (row.risk === 'high' && !(risk && plan && next))
    throw refuse('高风险会话的转接需要写明风险、安全计划和下一步。');
  const standing = standingTransfer(row);
  if (standing?.to.equals(target._id)) return one(ctx, row);
  if (standing) throw refuse('已经在请另一位咨询师接手，请等待答复或先撤回。');
  if (!(await hasRoom(ctx, target._id))) throw refuse('对方当前不在线或接待人数已满，请选择其他咨询师。');
  const { transferAnswerSeconds } = await ctx.policies.get(row.institution);
  const now = ctx.clock.now();
  const until = new Date(now + transferAnswerSeconds * 1_000);
  const asked = await ctx.models.Conversation.findOneAndUpdate(
    { _id: row._id, status: 'IN_PROGRESS', counselor: row.counselor, attempt: row.attempt, rev: row.rev },
    {
      $set: {
        transfer: {
          to: target._id,
          by: row.counselor,
          kind: row.risk === 'high' ? 'HIGH_RISK' : 'WARM',
          note: await sealNote(ctx, row, input.note),
          attempt: row.attempt,
          until,
        },
        deadlines: [
          ...row.deadlines.filter(({ kind }) => kind !== 'transfer'),
          { kind: 'transfer', at: until },
        ],
      },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!asked) throw changed();
  ctx.conversations.drop(input.id);
  await audit(ctx, actor, asked, 'ask');
  const told = await one(ctx, asked);
  ctx.bus.publish({ name: 'conversation.changed', id: input.id });
  ctx.bus.publish({ name: 'transfer.offered', counselor: target._id.toHexString(), transfer: told });
  await ctx.waker.wake(input.id, 'transfer', until);
  return told;
}

/**
 * Takes what one was asked to take: the seat first, then the owner. Again is harmless.
 * @throws AppError NOT_FOUND (not asked), RULE_REFUSED (no seat free any more), CONFLICT
 */
export async function acceptTransfer(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const row = await ctx.conversations.reload(id);
  const me = objectId(actor.id);
  if (me && row?.counselor?.equals(me) && row.institution === actor.institution) {
    await settleTransfer(ctx, row);
    return presentConversation(ctx, row);
  }
  const transfer = row && standingTransfer(row);
  if (!row || !me || !transfer?.to.equals(me)) throw unknown();
  const target = await accessTarget(ctx, row, actor.id);
  const { overlapMinutes } = await ctx.policies.get(row.institution);
  const now = ctx.clock.now();
  const until = new Date(now + overlapMinutes * 60_000);
  const stays = overlapMinutes > 0 && (await isCounselor(ctx, transfer.by));
  const kept = row.deadlines.filter(({ kind }) => !BY_OWNER.has(kind));
  const handed = await handOver(ctx, actor, row, target, {
    why: '由同事转接，本人已确认',
    set: { overlap: stays ? { counselor: transfer.by, until } : null },
    deadlines: stays ? [...kept, { kind: 'overlap', at: until }] : kept,
    told: stays ? { overlap: overlapMinutes } : {},
  });
  if (stays) await ctx.waker.wake(id, 'overlap', until);
  await settleTransfer(ctx, handed);
  return presentConversation(ctx, handed);
}

/**
 * Who was asked has the session: the note stands in its thread from now on, and the question is none any more. Safe
 * to repeat: until it is settled the question stays with the session, so that no crash loses the note.
 */
export async function settleTransfer(ctx: Ctx, row: Conversation): Promise<void> {
  const { transfer } = row;
  if (!transfer || !row.counselor?.equals(transfer.to)) return;
  const note = await openNote(ctx, row);
  if (note) await postNote(ctx, row, transfer.by, `transfer:${String(transfer.attempt + 1)}`, note);
  await close(ctx, row, 'ACCEPTED');
}

/** Says no; the session stays where it is. @throws AppError NOT_FOUND (not asked) */
export async function declineTransfer(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const row = await ctx.conversations.reload(id);
  const transfer = row && standingTransfer(row);
  if (!row || transfer?.to.toHexString() !== actor.id) throw unknown();
  if (await close(ctx, row, 'DECLINED')) await audit(ctx, actor, row, 'decline');
}

/** No longer asked. @throws AppError NOT_FOUND, FORBIDDEN */
export async function withdrawTransfer(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const { conversation } = await accessConversation(ctx, actor, id, 'hand-over');
  const row = (await ctx.conversations.reload(id)) ?? conversation;
  if (await close(ctx, row, 'WITHDRAWN')) await audit(ctx, actor, row, 'withdraw');
}

/** What the caller is asked to take, and what of theirs others are asked to take. */
export async function listTransfers(ctx: Ctx, actor: Actor): Promise<WireTransfer[]> {
  const me = objectId(actor.id);
  const rows = await ctx.models.Conversation.find({ open: true, 'transfer.to': me }).lean();
  const mine = await ctx.models.Conversation.find({
    counselor: me,
    status: 'IN_PROGRESS',
    'transfer.by': me,
  }).lean();
  return presentTransfers(
    ctx,
    [...rows, ...mine].filter((row) => standingTransfer(row) !== null),
  );
}

/** Nobody answered in time. */
export async function fireTransfer(ctx: Ctx, row: Conversation): Promise<boolean> {
  return close(ctx, row, 'EXPIRED');
}

/** Deadlines that ended with the former owner. */
const BY_OWNER = new Set(['transfer', 'overlap', 'dropped']);

/** A question whose session changed hands meanwhile is none any more. */
function standingTransfer(row: Conversation): NonNullable<Conversation['transfer']> | null {
  const { transfer, counselor, status } = row;
  // By its asker, not by the attempt: a seat of a dead node that is swept raises that and changes no owner.
  return transfer && status === 'IN_PROGRESS' && counselor?.equals(transfer.by) ? transfer : null;
}

async function close(ctx: Ctx, row: Conversation, outcome: TransferOutcome): Promise<boolean> {
  if (!row.transfer) return false;
  const closed = await ctx.models.Conversation.updateOne(
    { _id: row._id, 'transfer.until': row.transfer.until, 'transfer.to': row.transfer.to },
    { $set: { transfer: null }, $pull: { deadlines: { kind: 'transfer' as const } } },
  );
  ctx.bus.publish({ name: 'conversation.changed', id: row._id.toHexString() });
  if (closed.modifiedCount === 1) tellClosed(ctx, row, outcome);
  return closed.modifiedCount === 1;
}

function tellClosed(ctx: Ctx, { _id, transfer }: Conversation, outcome: TransferOutcome): void {
  if (!transfer) return;
  ctx.bus.publish({
    name: 'transfer.closed',
    people: [transfer.by.toHexString(), transfer.to.toHexString()],
    closed: { conversationId: _id.toHexString(), outcome },
  });
}

const unknown = () => new AppError('NOT_FOUND', { message: '没有找到该转接请求，可能已被撤回或过期。' });

async function one(ctx: Ctx, row: Conversation): Promise<WireTransfer> {
  const [presented] = await presentTransfers(ctx, [row]);
  if (!presented) throw new Error('one in, one out');
  return presented;
}

/** On line, connected, and a seat is free: asked again, in one step, when they accept. */
async function hasRoom(ctx: Ctx, counselor: Types.ObjectId): Promise<boolean> {
  const duty = await ctx.models.Duty.findById(counselor).lean();
  return (
    duty !== null &&
    duty.presence === 'online' &&
    duty.enabled &&
    !duty.lostAt &&
    duty.seats.length < duty.maxConsults
  );
}

/** A supervisor who took the session over goes back to watching; only a counselor stays. */
async function isCounselor(ctx: Ctx, _id: Types.ObjectId): Promise<boolean> {
  const served = { _id, role: 'COUNSELOR' as const, deleted: false, enabled: true };
  return (await ctx.models.User.exists(served)) !== null;
}

async function audit(ctx: Ctx, actor: Actor, row: Conversation, step: string): Promise<void> {
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: `transfer.${step}`,
    subject: `conversation:${row._id.toHexString()}`,
  });
}
