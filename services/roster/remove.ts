import type { Types } from 'mongoose';
import type { Arrange } from '../../models/arrange.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRoster, mayRoster } from '../policies/roster.js';
import { ruleHolds } from './duty-days.js';
import { readDutyId } from './duty-id.js';
import { dropRostered } from './rostered.js';

/**
 * Takes somebody off one day (document section 25). A mark stays, so that the weekly rule does not bring the day
 * back; adding it again with 22 does.
 * @param id of a row of 22, 23 or 24
 * @throws AppError NOT_FOUND when it names no duty, or one of another institution
 */
export async function removeArrange(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  actor: Actor,
  id: string,
): Promise<void> {
  assertRoster(actor, 'arrange');
  const parsed = objectId(id);
  const institution =
    parsed && ((await removeRow(ctx, actor, { _id: parsed })) ?? (await removeRuleDay(ctx, actor, parsed)));
  if (institution === null)
    throw new AppError('NOT_FOUND', { message: '没有找到该排班记录，可能已被移除。' });
  dropRostered(ctx, institution);
}

type RowFilter = { _id: Types.ObjectId } | { user: Types.ObjectId; day: string };

/** @returns the institution, null when there is no such row that this actor may touch */
async function removeRow(ctx: Pick<Ctx, 'models'>, actor: Actor, filter: RowFilter): Promise<string | null> {
  const row = await ctx.models.Arrange.findOne({ ...filter, removed: false }).lean<Arrange>();
  if (row === null || !mayRoster(actor, 'arrange', row)) return null;
  const marked = await ctx.models.Arrange.updateOne(
    { _id: row._id, removed: false },
    { $set: { removed: true } },
  );
  return marked.modifiedCount === 1 ? row.institution : null;
}

/** A day that only the rule gives has no row yet: the mark is its first. */
async function removeRuleDay(
  ctx: Pick<Ctx, 'models'>,
  actor: Actor,
  id: Types.ObjectId,
): Promise<string | null> {
  const named = readDutyId(id);
  if (named === null) return null;
  const rule = await ctx.models.WeeklyRule.findOne({ userID: named.userID }).lean();
  if (rule === null || !mayRoster(actor, 'arrange', rule) || !ruleHolds(rule, named.day)) return null;
  const { _id: user, institution, role } = rule;
  try {
    await ctx.models.Arrange.create({
      _id: id,
      user,
      role,
      institution,
      day: named.day,
      source: 'rule',
      removed: true,
    });
    return institution;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // It got a row meanwhile: added by 22, or removed by somebody else.
    return removeRow(ctx, actor, { user, day: named.day });
  }
}
