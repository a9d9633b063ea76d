/**
 * Takes what documents tell of themselves into the outbox. A change pushes a chapter onto its document's history and
 * sets `untold` in the same update (services/conversation/history.ts), so nothing can be lost between the two; each
 * row's id comes from what it tells, so telling twice writes once.
 */
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { WebhookEvent } from '../../contract/webhook.js';
import type { Conversation } from '../../models/conversation.js';
import type { Webhook } from '../../models/webhook.js';
import type { Ctx } from '../context.js';
import { completeChange } from '../conversation/complete.js';
import { completeBegun } from '../matchmaking/begun.js';
import { putNotice } from './put.js';

const AT_ONCE = 200;

interface Told {
  type: WebhookEvent;
  institution: string;
  at: Date;
  /** What makes it this very event. */
  key: string;
  /** Among what happened in the same millisecond. */
  place: number;
  /** Ids, codes and times; never a name or a word. */
  data: Record<string, unknown>;
}

export async function relayEvents(ctx: Ctx): Promise<void> {
  const { Conversation, Evaluation, Webhook } = ctx.models;
  const conversations = await Conversation.find({ untold: true }).limit(AT_ONCE).lean();
  const ratings = await Evaluation.find({ untold: true }).limit(AT_ONCE).lean();
  if (conversations.length + ratings.length === 0) return;
  const webhooks = await Webhook.find({ deletedAt: null }).lean();
  for (const row of conversations) {
    const chapters = row.history ?? [];
    await completeBegun(ctx, row);
    await completeChange(ctx, row);
    for (const told of eventsOf(row)) await tell(ctx, webhooks, told);
    // Below the model: that something was told changes no figure.
    const whole = { _id: row._id, [`history.${String(chapters.length)}`]: { $exists: false } };
    const toldAll = { $set: { told: chapters.length }, $unset: { untold: '' } } as const;
    const { matchedCount } = await Conversation.collection.updateOne(whole, toldAll);
    if (matchedCount === 0)
      await Conversation.collection.updateOne({ _id: row._id }, { $max: { told: chapters.length } });
  }
  for (const row of ratings) {
    await tell(ctx, webhooks, {
      type: 'conversation.rated',
      institution: row.institution,
      at: row.at,
      key: `rated:${row._id.toHexString()}`,
      place: 0,
      data: {
        conversation: row.conversation.toHexString(),
        counselor: row.counselor?.toHexString() ?? null,
        objectType: row.objectType,
        level: row.level,
      },
    });
    await Evaluation.collection.updateOne({ _id: row._id }, { $unset: { untold: '' } });
  }
}

function eventsOf(row: Conversation): Told[] {
  if (row.type !== 'COUNSELING_SESSION') return [];
  const chapters = row.history ?? [];
  return chapters.slice(row.told ?? 0).map(({ event, counselor, at }, index) => {
    const place = (row.told ?? 0) + index;
    return {
      type: `conversation.${event}`,
      institution: row.institution,
      at,
      key: `${row._id.toHexString()}:${String(place)}`,
      place,
      data: {
        conversation: row._id.toHexString(),
        channel: row.channel,
        counselor: counselor?.toHexString() ?? null,
        ...(event === 'ended' ? { cause: row.endCause, duration: row.duration } : {}),
      },
    };
  });
}

async function tell(ctx: Ctx, webhooks: Webhook[], told: Told): Promise<void> {
  for (const webhook of webhooks) {
    if (webhook.institution !== told.institution || !webhook.events.includes(told.type)) continue;
    // Nobody who begins to listen is told of the past.
    if (told.at < webhook.createdAt) continue;
    const receiver = webhook._id.toHexString();
    await putNotice(ctx, {
      _id: rowId(receiver, told.key),
      channel: 'webhook',
      receiver,
      institution: told.institution,
      template: told.type,
      data: { ...told.data, at: told.at.getTime() },
      order: told.at.getTime() + told.place / 1_000,
    });
  }
}

const rowId = (receiver: string, key: string): Types.ObjectId =>
  new Types.ObjectId(createHash('sha256').update(`${receiver}\0${key}`).digest().subarray(0, 12));
