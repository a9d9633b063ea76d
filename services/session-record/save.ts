/** The record of a session: its counselor writes it; who may read the session may read it. */
import type { SaveSessionRecord, SessionRecord as Wire } from '../../contract/session-record.js';
import type { Conversation } from '../../models/conversation.js';
import type { SessionRecord } from '../../models/session-record.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { auditReading } from '../message/reading.js';
import { accessConversation } from '../policies/conversation.js';
import { openWords, sealWords } from '../risk/sealed.js';
import { freeWrapUp } from '../matchmaking/wrap-up.js';

const place = (session: Pick<Conversation, '_id'>) => ['sessionRecords', 'fields', session._id] as const;

/**
 * Saves the record of a session that is over, or writes it anew; the seat kept for it is free at once.
 * @throws AppError NOT_FOUND, FORBIDDEN (another's), RULE_REFUSED (not over), BAD_INPUT (another template, a required
 * field empty, neither band nor reason, no such case file)
 */
export async function saveSessionRecord(ctx: Ctx, actor: Actor, input: SaveSessionRecord): Promise<Wire> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'write-record');
  const session = (await ctx.conversations.reload(input.id)) ?? conversation;
  if (!session.endAt || !session.startAt || !session.counselor)
    throw new AppError('RULE_REFUSED', { message: '会谈结束后才能填写记录。' });
  await check(ctx, actor, session, input);
  const row: SessionRecord = {
    _id: session._id,
    institution: session.institution,
    counselor: session.counselor,
    endedAt: session.endAt,
    disposition: input.disposition,
    noBand: input.noBand ?? null,
    template: input.template,
    fields: await sealWords(ctx, session, place(session), JSON.stringify(input.fields)),
    interviewRecord: input.interviewRecord ?? null,
    savedAt: new Date(ctx.clock.now()),
  };
  await ctx.audit.write({
    institution: session.institution,
    actor,
    action: 'record.save',
    subject: `conversation:${input.id}`,
  });
  const { _id, ...values } = row;
  await ctx.models.SessionRecord.updateOne({ _id }, { $set: values }, { upsert: true });
  await ctx.models.Conversation.updateOne({ _id, recordedAt: null }, { $set: { recordedAt: row.savedAt } });
  await freeWrapUp(ctx, session.counselor, _id);
  // What was missing may have held them back (policy `recordHold`).
  await ctx.admissions.admit(session.institution);
  return present(ctx, session, row);
}

async function check(ctx: Ctx, actor: Actor, session: Conversation, input: SaveSessionRecord): Promise<void> {
  const wrong = (path: string, message: string) =>
    new AppError('BAD_INPUT', { message, fields: [{ path, message }] });
  const { recordTemplate } = await ctx.policies.get(session.institution);
  if (input.template !== recordTemplate.version)
    throw wrong('template', '记录模板已经更新，请刷新后重新填写。');
  const known = new Set(recordTemplate.fields.map(({ id }) => id));
  for (const id of Object.keys(input.fields))
    if (!known.has(id)) throw wrong(`fields.${id}`, '模板中没有这一项。');
  for (const { id, label, required } of recordTemplate.fields)
    if (required && (input.fields[id] ?? '').trim() === '') throw wrong(`fields.${id}`, `请填写“${label}”。`);
  const assessed = await ctx.models.RiskAssessment.exists({ conversation: session._id });
  if (!assessed && input.noBand === undefined)
    throw wrong('noBand', '请填写风险评估，或说明没有评估的原因。');
  if (input.interviewRecord === undefined) return;
  const own = { caseID: input.interviewRecord, consultant: objectId(actor.id) };
  if (!(await ctx.models.InterviewRecord.exists(own))) throw wrong('interviewRecord', '没有找到该咨询档案。');
}

/** Facts and what was written; read by whoever takes no part it is written down first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function readSessionRecord(ctx: Ctx, actor: Actor, id: string): Promise<Wire> {
  const { conversation, relation } = await accessConversation(ctx, actor, id, 'read-record');
  const row = await ctx.models.SessionRecord.findById(conversation._id).lean();
  if (row) await auditReading(ctx, actor, conversation, relation, undefined);
  return present(ctx, conversation, row);
}

async function present(ctx: Ctx, session: Conversation, row: SessionRecord | null): Promise<Wire> {
  const newest = await ctx.models.RiskAssessment.findOne({ conversation: session._id }, { band: 1 })
    .sort({ at: -1 })
    .lean();
  const { recordTemplate } = await ctx.policies.get(session.institution);
  const fields = row && (await openWords(ctx, session, place(session), row.fields));
  const { createdAt, startAt } = session;
  return {
    conversationId: session._id.toHexString(),
    counselor: session.counselor?.toHexString() ?? null,
    createdTime: createdAt.getTime(),
    startTime: startAt?.getTime() ?? null,
    endTime: session.endAt?.getTime() ?? null,
    wait: startAt && Math.max(0, Math.floor((startAt.getTime() - createdAt.getTime()) / 1_000)),
    duration: session.duration,
    endCause: session.endCause,
    savedTime: row?.savedAt.getTime() ?? null,
    disposition: row?.disposition ?? null,
    band: newest?.band ?? null,
    noBand: row?.noBand ?? null,
    template: row?.template ?? null,
    fields: fields === null ? null : (JSON.parse(fields) as Record<string, string>),
    interviewRecord: row?.interviewRecord ?? null,
    form: recordTemplate,
  };
}
