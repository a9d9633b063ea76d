/** Messages that visitors left, as tasks of staff: somebody takes one, reads it, and says what was done. */
import type { Listing } from '../../contract/common.js';
import type {
  FinishOfflineMessage,
  ListOfflineMessages,
  OfflineMessage as WireMessage,
  WholeOfflineMessage,
} from '../../contract/offline-message.js';
import type { OfflineState } from '../../contract/enums.js';
import type { OfflineMessage } from '../../models/offline-message.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { accessOffline, offlineScope } from '../policies/offline-message.js';
import { openWords, sealWords } from '../risk/sealed.js';
import { tellOffline } from './leave.js';

/** Newest first. @throws AppError FORBIDDEN */
export async function listOfflineMessages(
  ctx: Ctx,
  actor: Actor,
  { state, ...asked }: ListOfflineMessages,
): Promise<Listing<WireMessage>> {
  const filter = { ...offlineScope(actor), ...(state === undefined ? {} : { state }) };
  const sort = { createdAt: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.OfflineMessage, { filter, sort }, asked);
  return { rows: rows.map(present), ...place };
}

/** Written down before it leaves. @throws AppError NOT_FOUND, FORBIDDEN (not theirs to look after) */
export async function readOfflineMessage(ctx: Ctx, actor: Actor, id: string): Promise<WholeOfflineMessage> {
  const row = await accessOffline(ctx, actor, id, 'read');
  await ctx.audit.write({
    institution: row.institution,
    actor,
    action: 'offline-message.read',
    subject: `offline-message:${id}`,
  });
  const body = await openWords(ctx, row, ['offlineMessages', 'body', row._id], row.body);
  if (body === null) throw new AppError('NOT_FOUND', { message: '该留言已按要求销毁。' });
  const { text, contact } = JSON.parse(body) as { text: string; contact: string | null };
  const remark = await openWords(ctx, row, ['offlineMessages', 'remark', row._id], row.remark);
  return { ...present(row), text, contact, remark };
}

/** Looks after it from now on; again is harmless. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function takeOfflineMessage(ctx: Ctx, actor: Actor, id: string): Promise<WireMessage> {
  const row = await accessOffline(ctx, actor, id, 'take');
  const taker = objectId(actor.id);
  const taken = await move(ctx, row, 'OPEN', {
    ...{ state: 'TAKEN', taker, takerName: actor.name, takenAt: new Date(ctx.clock.now()) },
  });
  if (taken) return present(taken);
  const now = await accessOffline(ctx, actor, id, 'take');
  if (now.taker?.toHexString() === actor.id) return present(now);
  throw new AppError('CONFLICT', { message: '该留言已由其他人领取，请刷新列表。' });
}

/** Somebody else may take it. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function releaseOfflineMessage(ctx: Ctx, actor: Actor, id: string): Promise<WireMessage> {
  const row = await accessOffline(ctx, actor, id, 'release');
  const open = await move(ctx, row, 'TAKEN', {
    ...{ state: 'OPEN', taker: null, takerName: null, takenAt: null },
  });
  if (!open) throw new AppError('CONFLICT', { message: '该留言的状态已经改变，请刷新列表。' });
  return present(open);
}

/** Done, with a remark for staff; again with another remark keeps the first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function finishOfflineMessage(
  ctx: Ctx,
  actor: Actor,
  input: FinishOfflineMessage,
): Promise<WireMessage> {
  const row = await accessOffline(ctx, actor, input.id, 'finish');
  const remark = await sealWords(ctx, row, ['offlineMessages', 'remark', row._id], input.remark);
  const done = await move(ctx, row, 'TAKEN', { state: 'DONE', doneAt: new Date(ctx.clock.now()), remark });
  return present(done ?? (await accessOffline(ctx, actor, input.id, 'finish')));
}

/** By compare-and-set on state and taker, so of two at once one wins. @returns null for the other */
async function move(
  ctx: Ctx,
  row: OfflineMessage,
  from: OfflineState,
  to: Partial<OfflineMessage>,
): Promise<OfflineMessage | null> {
  const held = { _id: row._id, state: from, ...(from === 'TAKEN' ? { taker: row.taker } : {}) };
  const moved = await ctx.models.OfflineMessage.findOneAndUpdate(
    held,
    { $set: to },
    { returnDocument: 'after' },
  ).lean();
  if (moved) tellOffline(ctx, moved);
  return moved;
}

const present = (row: OfflineMessage): WireMessage => ({
  id: row._id.toHexString(),
  visitor: { id: row.visitor.toHexString(), name: row.visitorName },
  urgency: row.urgency,
  state: row.state,
  createdTime: row.createdAt.getTime(),
  taker: row.taker && { id: row.taker.toHexString(), name: row.takerName },
  takenTime: row.takenAt?.getTime() ?? null,
  doneTime: row.doneAt?.getTime() ?? null,
});
