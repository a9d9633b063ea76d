/** Who was in danger is asked after: next day, one week, one, three and twelve months, each a task with an owner. */
import { DateTime } from 'luxon';
import { Types } from 'mongoose';
import type { Listing } from '../../contract/common.js';
import { FOLLOW_UP_STEPS, type FollowUpStep } from '../../contract/enums.js';
import type { AssignFollowUp, FollowUp as Wire, ListFollowUps, SettleFollowUp } from '../../contract/risk.js';
import type { Conversation } from '../../models/conversation.js';
import type { FollowUp } from '../../models/follow-up.js';
import type { RiskCase } from '../../models/risk-case.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { namesOf } from '../message/names.js';
import { accessCase } from '../policies/risk.js';
import { boundCounselors } from '../policies/statistics.js';
import { dayOf, ZONE } from '../roster/day.js';
import { openWords, sealWords } from './sealed.js';

const AFTER: Record<FollowUpStep, { days?: number; months?: number }> = {
  NEXT_DAY: { days: 1 },
  WEEK: { days: 7 },
  MONTH: { months: 1 },
  QUARTER: { months: 3 },
  YEAR: { months: 12 },
};

/** The five tasks of a case, counted from the day it was opened on. Safe to repeat: one each, by unique index. */
export async function planFollowUps(ctx: Pick<Ctx, 'models'>, row: RiskCase): Promise<void> {
  if ((await ctx.models.FollowUp.countDocuments({ case: row._id })) === FOLLOW_UP_STEPS.length) return;
  const from = DateTime.fromJSDate(row.openedAt, { zone: ZONE });
  for (const step of FOLLOW_UP_STEPS) {
    try {
      await ctx.models.FollowUp.create({
        institution: row.institution,
        case: row._id,
        conversation: row.conversation,
        step,
        day: dayOf(from.plus(AFTER[step]).toMillis()),
        owner: row.owner,
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}

export async function followUpsOf(ctx: Ctx, session: Conversation, id: Types.ObjectId): Promise<Wire[]> {
  const rows = await ctx.models.FollowUp.find({ case: id }).sort({ day: 1 }).lean();
  return presentAll(ctx, rows, () => session);
}

/** Tasks in the caller's reach, the longest due first. @throws AppError FORBIDDEN */
export async function listFollowUps(ctx: Ctx, actor: Actor, input: ListFollowUps): Promise<Listing<Wire>> {
  const { state = 'OPEN' } = input;
  const filter = {
    ...(await scope(ctx, actor)),
    state: state === 'OVERDUE' ? ('OPEN' as const) : state,
    ...(state === 'OVERDUE' ? { day: { $lt: dayOf(ctx.clock.now()) } } : {}),
  };
  const sort = { day: 1, _id: 1 } as const;
  const { rows, ...place } = await readPage(ctx.models.FollowUp, { filter, sort }, input);
  const sessions = await ctx.models.Conversation.find(
    { _id: { $in: rows.map(({ conversation }) => conversation) } },
    { key: 1, institution: 1, visitorName: 1 },
  ).lean();
  const byId = new Map(sessions.map((session) => [session._id.toHexString(), session]));
  return {
    rows: await presentAll(ctx, rows, (row) => byId.get(row.conversation.toHexString()) ?? null),
    ...place,
  };
}

/** A counselor's own, a supervisor's own and those of bound counselors, an administrator's institution. */
async function scope(ctx: Ctx, actor: Actor) {
  const me = objectId(actor.id);
  switch (actor.role) {
    case 'COUNSELOR':
      return { institution: actor.institution, owner: me };
    case 'SUPERVISOR':
      return {
        institution: actor.institution,
        owner: { $in: [...(me ? [me] : []), ...(await boundCounselors(ctx, actor))] },
      };
    case 'INSTITUTION_ADMINISTRATOR':
      return { institution: actor.institution };
    case 'SYSTEM_ADMINISTRATOR':
      return {};
    case 'VISITOR':
      throw new AppError('FORBIDDEN');
  }
}

/** Says what came of it, or why it is left out; a settled one stays as it is. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function settleFollowUp(ctx: Ctx, actor: Actor, input: SettleFollowUp): Promise<Wire> {
  const { task, session } = await access(ctx, actor, input.id);
  const note =
    input.note === undefined
      ? null
      : await sealWords(ctx, session, ['followUps', 'note', task._id], input.note);
  await audit(ctx, actor, task, 'settle');
  const done = await ctx.models.FollowUp.findOneAndUpdate(
    { _id: task._id, state: 'OPEN' },
    {
      $set: {
        state: input.outcome === 'LEFT_OUT' ? 'LEFT_OUT' : 'DONE',
        outcome: input.outcome,
        note,
        doneAt: new Date(ctx.clock.now()),
        doneBy: objectId(actor.id),
      },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!done) throw new AppError('CONFLICT', { message: '该回访任务已经处理过。' });
  return present(ctx, session, done);
}

/** Gives the task to somebody else of the institution. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function assignFollowUp(ctx: Ctx, actor: Actor, input: AssignFollowUp): Promise<Wire> {
  const { task, session } = await access(ctx, actor, input.id);
  const owner = await ctx.models.User.findOne(
    {
      _id: objectId(input.owner),
      institution: task.institution,
      role: { $in: ['COUNSELOR', 'SUPERVISOR'] },
      deleted: false,
      enabled: true,
    },
    { _id: 1 },
  ).lean();
  if (!owner) throw new AppError('NOT_FOUND', { message: '没有找到该工作人员。' });
  await audit(ctx, actor, task, 'assign');
  const moved = await ctx.models.FollowUp.findOneAndUpdate(
    { _id: task._id, state: 'OPEN' },
    // The new owner is told anew.
    { $set: { owner: owner._id, remindedAt: null } },
    { returnDocument: 'after' },
  ).lean();
  if (!moved) throw new AppError('CONFLICT', { message: '该回访任务已经处理过。' });
  return present(ctx, session, moved);
}

/** Tells owners whose day has come, once a task; what was missed while they were off line stands in the list. */
export async function remindFollowUps(ctx: Ctx): Promise<number> {
  const today = dayOf(ctx.clock.now());
  const due = { state: 'OPEN' as const, remindedAt: null, day: { $lte: today } };
  const rows = await ctx.models.FollowUp.find(due).limit(200).lean();
  let told = 0;
  for (const row of rows) {
    const marked = await ctx.models.FollowUp.updateOne(
      { _id: row._id, state: 'OPEN', remindedAt: null },
      { $set: { remindedAt: new Date(ctx.clock.now()) } },
    );
    if (marked.modifiedCount !== 1 || !row.owner) continue;
    told += 1;
    ctx.bus.publish({
      name: 'follow-up.due',
      owner: row.owner.toHexString(),
      task: { id: row._id.toHexString(), case: row.case.toHexString(), step: row.step, day: row.day },
    });
  }
  return told;
}

async function access(ctx: Ctx, actor: Actor, id: string) {
  const _id = objectId(id);
  const task = _id && (await ctx.models.FollowUp.findById(_id).lean());
  if (!task) throw new AppError('NOT_FOUND', { message: '没有找到该回访任务。' });
  // Whoever it was given to may do it, whoever else had the session.
  if (task.owner?.toHexString() === actor.id && task.institution === actor.institution)
    return { task, session: await ctx.models.Conversation.findById(task.conversation).lean().orFail() };
  const { session } = await accessCase(ctx, actor, task.case.toHexString(), 'write');
  return { task, session };
}

async function audit(ctx: Ctx, actor: Actor, task: FollowUp, step: string): Promise<void> {
  await ctx.audit.write({
    institution: task.institution,
    actor,
    action: `follow-up.${step}`,
    subject: `follow-up:${task._id.toHexString()}`,
  });
}

type Session = Pick<Conversation, 'key' | 'institution' | 'visitorName'>;

async function present(ctx: Ctx, session: Session | null, row: FollowUp): Promise<Wire> {
  const [presented] = await presentAll(ctx, [row], () => session);
  if (!presented) throw new Error('one in, one out');
  return presented;
}

/** One query for the names of all owners. */
async function presentAll(
  ctx: Ctx,
  rows: FollowUp[],
  sessionOf: (row: FollowUp) => Session | null,
): Promise<Wire[]> {
  const names = await namesOf(
    ctx,
    rows.flatMap(({ owner }) => owner?.toHexString() ?? []),
  );
  return Promise.all(
    rows.map(async (row) => {
      const session = sessionOf(row);
      const owner = row.owner?.toHexString() ?? null;
      return {
        id: row._id.toHexString(),
        case: row.case.toHexString(),
        conversationId: row.conversation.toHexString(),
        visitorName: session?.visitorName ?? null,
        step: row.step,
        day: row.day,
        owner,
        ownerName: (owner && names.get(owner)) ?? null,
        state: row.state,
        overdue: row.state === 'OPEN' && row.day < dayOf(ctx.clock.now()),
        outcome: row.outcome,
        note: session && (await openWords(ctx, session, ['followUps', 'note', row._id], row.note)),
        doneTime: row.doneAt?.getTime() ?? null,
      };
    }),
  );
}
