import type { Arrange as WireArrange, CreateArrange } from '../../contract/arrange.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRoster } from '../policies/roster.js';
import { dayOf, type Day } from './day.js';
import { dutyId } from './duty-id.js';
import { dropRostered } from './rostered.js';
import { loadRosterable, presentArrange, type Rosterable } from './staff.js';

/**
 * Adds people to a day (document section 22). One row a person and day, so repeating is harmless; a row that a
 * weekly rule gives becomes one of its own, and one removed earlier is back.
 * @returns one row a person, in the order asked
 * @throws AppError NOT_FOUND, BAD_INPUT as loadRosterable does; then nothing was written
 */
export async function arrangeDay(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  actor: Actor,
  input: CreateArrange,
): Promise<WireArrange[]> {
  assertRoster(actor, 'arrange');
  const users = await loadRosterable(ctx, actor, input.users);
  const day = dayOf(input.timestamp);
  const write = () => ctx.models.Arrange.bulkWrite(users.map((user) => addition(user, day)));
  // Two first writers at once: the one that lost the insert finds the row on its second try.
  await write().catch((error: unknown) => (isDuplicate(error) ? write() : Promise.reject(error as Error)));
  for (const { institution } of users) dropRostered(ctx, institution);
  const rows = await ctx.models.Arrange.find({ day, user: { $in: users.map((user) => user._id) } }).lean();
  const idOf = new Map(rows.map((row) => [row.user.toHexString(), row._id]));
  return users.map((user) => {
    const id = idOf.get(user._id.toHexString()) ?? dutyId(day, user.userID);
    return presentArrange({ id, day, user: user._id, role: user.role }, user);
  });
}

function addition(user: Rosterable, day: Day) {
  return {
    updateOne: {
      filter: { user: user._id, day },
      update: {
        $set: { role: user.role, institution: user.institution, source: 'day' as const, removed: false },
        $setOnInsert: { _id: dutyId(day, user.userID) },
      },
      upsert: true,
    },
  };
}
