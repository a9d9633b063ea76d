/**
 * A visitor leaves a message while nobody is there (roster/hours.ts says when). It is sealed with a key of its own,
 * its keyword rules are looked up before that, and staff of the institution is told that there is one.
 */
import { Types } from 'mongoose';
import type { LeaveMessage, OwnOfflineMessage } from '../../contract/offline-message.js';
import type { OfflineMessage } from '../../models/offline-message.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import { consentFor } from '../consent/give-consent.js';
import type { Actor, Ctx } from '../context.js';
import { marksOf, urgencyOf } from '../risk/words.js';
import { sealWords } from '../risk/sealed.js';
import { readHours } from '../roster/hours.js';

/**
 * Answers once it is durable; the same clientMsgId again answers the first message.
 * @throws AppError FORBIDDEN, RULE_REFUSED (somebody is there), RATE_LIMITED, CONSENT_NEEDED, NOT_FOUND
 */
export async function leaveMessage(ctx: Ctx, actor: Actor, input: LeaveMessage): Promise<OwnOfflineMessage> {
  if (actor.role !== 'VISITOR') throw new AppError('FORBIDDEN');
  const visitor = new Types.ObjectId(actor.id);
  const same = { visitor, clientMsgId: input.clientMsgId };
  const before = await ctx.models.OfflineMessage.findOne(same).lean();
  if (before) return presentOwn(before);
  const { leaveMessage: may } = await readHours(ctx, actor.institution);
  if (!may) throw new AppError('RULE_REFUSED', { message: '现在有咨询师在线，请直接开始咨询。' });
  const consentVersion = await consentFor(ctx, actor.id, actor.institution);
  await ctx.limits.offlineMessage.consume(actor.id);
  try {
    return await write(ctx, actor, input, { ...same, consentVersion });
  } catch (error) {
    // Two taps at once.
    const winner = isDuplicate(error) && (await ctx.models.OfflineMessage.findOne(same).lean());
    if (!winner) throw error;
    return presentOwn(winner);
  }
}

async function write(
  ctx: Ctx,
  actor: Actor,
  { text, contact }: LeaveMessage,
  own: Pick<OfflineMessage, 'visitor' | 'clientMsgId' | 'consentVersion'>,
): Promise<OwnOfflineMessage> {
  const { riskWords } = await ctx.policies.get(actor.institution);
  const { institution } = actor;
  const _id = new Types.ObjectId();
  const key = await ctx.keys.createForConversation(_id, institution);
  const said = JSON.stringify({ text, contact: contact ?? null });
  const row: OfflineMessage = {
    _id,
    institution,
    ...own,
    visitorName: actor.name,
    key,
    body: await sealWords(ctx, { key, institution }, ['offlineMessages', 'body', _id], said),
    urgency: urgencyOf(riskWords, marksOf(riskWords, text)),
    ...{ state: 'OPEN', taker: null, takerName: null, takenAt: null, doneAt: null, remark: null },
    createdAt: new Date(ctx.clock.now()),
  };
  await ctx.models.OfflineMessage.create(row);
  tellOffline(ctx, row);
  return presentOwn(row);
}

/** Staff is told that there is one, or that one changed; never what it says. */
export function tellOffline(ctx: Pick<Ctx, 'bus'>, row: OfflineMessage): void {
  const { institution, state, urgency } = row;
  ctx.bus.publish({
    name: 'offline-message.changed',
    institution,
    change: { id: row._id.toHexString(), state, urgency },
  });
}

const presentOwn = (row: OfflineMessage): OwnOfflineMessage => ({
  id: row._id.toHexString(),
  state: row.state,
  createdTime: row.createdAt.getTime(),
});

/** One's own of the last weeks, newest first. */
export async function ownMessages(ctx: Ctx, actor: Actor): Promise<OwnOfflineMessage[]> {
  const rows = await ctx.models.OfflineMessage.find({ visitor: new Types.ObjectId(actor.id) })
    .sort({ createdAt: -1 })
    .limit(20)
    .lean();
  return rows.map(presentOwn);
}
