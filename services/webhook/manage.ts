/** Webhooks of an institution: set up, removed, their secret changed; what was given up, sent again by a person. */
import { Types } from 'mongoose';
import type { Listing } from '../../contract/common.js';
import type {
  CreateWebhook,
  DeadEvent,
  ListDead,
  Webhook as WireWebhook,
  WebhookEvent,
  WebhookSecret,
} from '../../contract/webhook.js';
import type { Webhook } from '../../models/webhook.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { assertWebhooks } from '../policies/webhook.js';
import { refusalOf } from './address.js';
import { makeSecret } from './secret.js';

/** Of one institution. */
const MOST = 20;
/** How long the secret before signs too, so that a receiver can change at leisure. */
const OVERLAP_MS = 24 * 3_600_000;

export async function listWebhooks(
  ctx: Ctx,
  actor: Actor,
  asked: string | undefined,
): Promise<WireWebhook[]> {
  const institution = asked ?? actor.institution;
  assertWebhooks(actor, institution);
  const rows = await ctx.models.Webhook.find({ institution, deletedAt: null }).sort({ createdAt: 1 }).lean();
  return Promise.all(rows.map((row) => present(ctx, row)));
}

async function present(ctx: Ctx, row: Webhook): Promise<WireWebhook> {
  const receiver = row._id.toHexString();
  const { Outbox } = ctx.models;
  const [waiting, dead, [first]] = await Promise.all([
    Outbox.countDocuments({ receiver, state: 'PENDING' }),
    Outbox.countDocuments({ receiver, state: 'DEAD' }),
    Outbox.find({ receiver, state: 'PENDING' }).sort({ order: 1, _id: 1 }).limit(1).lean(),
  ]);
  return {
    id: receiver,
    institution: row.institution,
    url: row.url,
    events: row.events as WebhookEvent[],
    createdTime: row.createdAt.getTime(),
    waiting,
    dead,
    lastError: first?.error ?? null,
    nextTry: first?.dueAt.getTime() ?? null,
  };
}

/** @throws AppError FORBIDDEN, NOT_FOUND, BAD_INPUT (an address that may not be asked), QUOTA */
export async function createWebhook(ctx: Ctx, actor: Actor, input: CreateWebhook): Promise<WebhookSecret> {
  const institution = input.institution ?? actor.institution;
  assertWebhooks(actor, institution);
  const refusal = refusalOf(ctx.config, input.url);
  if (refusal !== null) throw new AppError('BAD_INPUT', { message: refusal });
  if (!(await ctx.models.Institution.exists({ _id: institution })))
    throw new AppError('NOT_FOUND', { message: '没有找到该机构。' });
  if ((await ctx.models.Webhook.countDocuments({ institution, deletedAt: null })) >= MOST)
    throw new AppError('QUOTA', { message: `每个机构最多设置${String(MOST)}个推送地址。` });
  const owner = { _id: new Types.ObjectId(), institution };
  const { told, sealed } = await makeSecret(ctx, owner);
  await audit(ctx, actor, 'webhook.create', owner);
  await ctx.models.Webhook.create({
    ...owner,
    url: input.url,
    events: input.events,
    secret: sealed,
    createdBy: new Types.ObjectId(actor.id),
    createdAt: new Date(ctx.clock.now()),
  });
  return { id: owner._id.toHexString(), secret: told };
}

export async function deleteWebhook(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const row = await accessWebhook(ctx, actor, id);
  await audit(ctx, actor, 'webhook.delete', row);
  await ctx.models.Webhook.updateOne({ _id: row._id }, { $set: { deletedAt: new Date(ctx.clock.now()) } });
}

/** The old secret goes on signing beside the new one for a day. */
export async function rotateSecret(ctx: Ctx, actor: Actor, id: string): Promise<WebhookSecret> {
  const row = await accessWebhook(ctx, actor, id);
  const { told, sealed } = await makeSecret(ctx, row);
  await audit(ctx, actor, 'webhook.rotate', row);
  const until = new Date(ctx.clock.now() + OVERLAP_MS);
  await ctx.models.Webhook.updateOne(
    { _id: row._id },
    { $set: { secret: sealed, previous: { secret: row.secret, until } } },
  );
  return { id, secret: told };
}

/** Newest first. */
export async function listDead(ctx: Ctx, actor: Actor, input: ListDead): Promise<Listing<DeadEvent>> {
  const webhook = await accessWebhook(ctx, actor, input.id);
  const filter = { receiver: webhook._id.toHexString(), state: 'DEAD' as const };
  const sort = { order: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.Outbox, { filter, sort }, input);
  return {
    rows: rows.map((row) => ({
      id: row._id.toHexString(),
      type: row.template as WebhookEvent,
      attempts: row.attempts,
      error: row.error,
      time: Number(row.data['at']),
    })),
    ...place,
  };
}

/** Sends again what was given up: it stands where it stood, before what came later. */
export async function replayDead(ctx: Ctx, actor: Actor, id: string, row: string): Promise<void> {
  const webhook = await accessWebhook(ctx, actor, id);
  await audit(ctx, actor, 'webhook.replay', webhook);
  const receiver = webhook._id.toHexString();
  const again = await ctx.models.Outbox.updateOne(
    { _id: objectId(row), receiver, state: 'DEAD' },
    { $set: { state: 'PENDING', attempts: 0, dueAt: new Date(ctx.clock.now()) } },
  );
  if (again.matchedCount === 0) throw new AppError('NOT_FOUND', { message: '没有找到这条待重发的事件。' });
  ctx.jobs.add('notice', { receiver }, { id: `notice-${receiver}` });
}

async function accessWebhook(ctx: Ctx, actor: Actor, id: string): Promise<Webhook> {
  const row = await ctx.models.Webhook.findOne({ _id: objectId(id), deletedAt: null }).lean();
  if (!row) {
    assertWebhooks(actor, actor.institution);
    throw new AppError('NOT_FOUND', { message: '没有找到该推送地址。' });
  }
  assertWebhooks(actor, row.institution);
  return row;
}

function audit(
  ctx: Ctx,
  actor: Actor,
  action: string,
  { _id, institution }: Pick<Webhook, '_id' | 'institution'>,
): Promise<void> {
  return ctx.audit.write({ institution, actor, action, subject: `webhook:${_id.toHexString()}` });
}
