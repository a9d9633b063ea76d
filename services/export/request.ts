/** Asking for an export: who may, which conversations, and the audit entry, before there is a task. */
import { Types } from 'mongoose';
import type { BatchExport, ExportConversation, ExportTask as WireTask } from '../../contract/export.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { consultScope } from '../conversation/consult-list.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { presentExport } from '../presenters/export.js';
import { newExportKey } from './folder.js';
import { wakeExport } from './wake.js';

/** A log-in that is older must be made again before data leaves (contract-notes.md section 5). */
const FRESH_MS = 12 * 3_600_000;
/** Unfinished exports of one person (invariants.md section 4, row 32). */
const MAX_UNFINISHED = 100;
/** How many ids a refusal names. */
const MAX_NAMED = 20;

/**
 * One conversation (document section 34); an open one is exported as it stands.
 * @throws AppError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED (the log-in is too old), QUOTA
 */
export async function exportConversation(
  ctx: Ctx,
  actor: Actor,
  input: ExportConversation,
): Promise<WireTask> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'export');
  return accept(ctx, actor, [conversation], input, false);
}

/**
 * Many at once as one zip (document section 35). One id out of scope makes the whole call fail and is named; an
 * unknown one is answered alike, so that nobody learns what exists elsewhere.
 * @throws AppError FORBIDDEN, UNAUTHENTICATED, QUOTA
 */
export async function exportBatch(ctx: Ctx, actor: Actor, input: BatchExport): Promise<WireTask> {
  if (actor.role === 'VISITOR' || actor.role === 'COUNSELOR') throw new AppError('FORBIDDEN');
  const ids = [...new Set(input.list)];
  const found = await inScope(ctx, actor, ids);
  const missing = ids.filter((id) => !found.has(id.toLowerCase()));
  if (missing.length > 0) throw new AppError('FORBIDDEN', { message: refusal(missing) });
  const rows = ids.flatMap((id) => found.get(id.toLowerCase()) ?? []);
  return accept(ctx, actor, rows, input, true);
}

function refusal(missing: string[]): string {
  const named = missing.slice(0, MAX_NAMED).join('、');
  const rest = missing.length > MAX_NAMED ? `等${String(missing.length)}个` : '';
  return `以下会谈不存在或不在您的权限范围内，请去掉后重试：${named}${rest}`;
}

type Exported = Pick<Conversation, '_id' | 'institution'>;

/** Those of the ids that the actor may export: the same rule as in lists and by id (I13). */
export async function inScope(ctx: Ctx, actor: Actor, ids: string[]): Promise<Map<string, Exported>> {
  const wanted = ids.flatMap((id) => objectId(id) ?? []);
  const scope = await consultScope(ctx, actor);
  const rows = await ctx.models.Conversation.find(
    { $and: [scope, { _id: { $in: wanted }, deletedAt: null }] },
    { institution: 1 },
  ).lean();
  return new Map(rows.map((row) => [row._id.toHexString(), row]));
}

async function accept(
  ctx: Ctx,
  actor: Actor,
  conversations: Exported[],
  input: Pick<ExportConversation, 'format' | 'redact'>,
  batch: boolean,
): Promise<WireTask> {
  await assertFresh(ctx, actor);
  const asker = new Types.ObjectId(actor.id);
  const unfinished = await ctx.models.ExportTask.countDocuments({
    asker,
    status: { $in: ['QUEUED', 'RUNNING'] },
  });
  if (unfinished >= MAX_UNFINISHED)
    throw new AppError('QUOTA', { message: '您有太多导出正在进行，请等它们完成后再试。' });
  const institutions = new Set(conversations.map((row) => row.institution));
  const [only] = institutions;
  const institution = institutions.size === 1 && only !== undefined ? only : actor.institution;
  const _id = new Types.ObjectId();
  const first = conversations[0];
  // No entry, no data (I15): the entry stands before the task does.
  await ctx.audit.write({
    institution,
    actor,
    action: input.redact ? 'export.request-redacted' : 'export.request',
    subject: batch || !first ? `export:${_id.toHexString()}` : `conversation:${first._id.toHexString()}`,
  });
  const task = await ctx.models.ExportTask.create({
    _id,
    institution,
    asker,
    askerName: actor.name,
    conversations: conversations.map((row) => row._id),
    format: input.format,
    batch,
    redact: input.redact,
    status: 'QUEUED',
    key: await newExportKey(ctx, _id, institution),
    createdAt: new Date(ctx.clock.now()),
  });
  wakeExport(ctx, { _id, fence: 0 });
  return presentExport(task.toObject(), ctx.clock.now());
}

async function assertFresh(ctx: Ctx, actor: Actor): Promise<void> {
  const session = await ctx.models.Session.findById(actor.session, { createdAt: 1 }).lean();
  if (!session || ctx.clock.now() - session.createdAt.getTime() > FRESH_MS)
    throw new AppError('UNAUTHENTICATED');
}
