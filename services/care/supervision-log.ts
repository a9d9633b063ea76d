/** Supervision that was held with counselors: the supervisor writes it, both sides read it. */
import { Types } from 'mongoose';
import type {
  HoldSupervision,
  ListSupervisionEntries,
  RewriteSupervision,
  SupervisionEntry as Wire,
  WholeSupervisionEntry,
} from '../../contract/care.js';
import type { Listing } from '../../contract/common.js';
import type { SupervisionEntry } from '../../models/supervision-entry.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { careScope } from '../policies/care-scope.js';
import { accessEntry } from '../policies/supervision-log.js';
import { openKey, storeNewKey } from '../record/keys.js';
import { dayOf } from '../roster/day.js';

type Row = Pick<SupervisionEntry, '_id' | 'institution'>;
const placeOf = ({ _id, institution }: Row) =>
  ['supervisionEntries', 'words', _id.toHexString(), institution] as const;

/** @throws AppError FORBIDDEN, BAD_INPUT (a day to come), NOT_FOUND (no counselor of the institution) */
export async function holdSupervision(
  ctx: Ctx,
  actor: Actor,
  input: HoldSupervision,
): Promise<WholeSupervisionEntry> {
  if (actor.role !== 'SUPERVISOR') throw new AppError('FORBIDDEN');
  const counselors = await check(ctx, actor.institution, input);
  const { key, keySlot, opened } = await storeNewKey(ctx, actor.institution);
  const { institution } = actor;
  const _id = new Types.ObjectId();
  const row: SupervisionEntry = {
    _id,
    institution,
    supervisor: new Types.ObjectId(actor.id),
    supervisorName: actor.name,
    counselors,
    day: input.day,
    minutes: input.minutes,
    words: seal(opened, Buffer.from(input.words), placeOf({ _id, institution })),
    key,
    keySlot,
    savedAt: new Date(ctx.clock.now()),
  };
  await audit(ctx, actor, row);
  await ctx.models.SupervisionEntry.create(row);
  return { ...present(row), words: input.words };
}

/** Writes one's own entry anew. @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT */
export async function rewriteSupervision(
  ctx: Ctx,
  actor: Actor,
  input: RewriteSupervision,
): Promise<WholeSupervisionEntry> {
  const row = await accessEntry(ctx, actor, input.id, 'rewrite');
  const changed = {
    counselors: await check(ctx, row.institution, input),
    day: input.day,
    minutes: input.minutes,
    words: seal(await openKey(ctx, row), Buffer.from(input.words), placeOf(row)),
    savedAt: new Date(ctx.clock.now()),
  };
  await audit(ctx, actor, row);
  await ctx.models.SupervisionEntry.updateOne({ _id: row._id }, { $set: changed });
  return { ...present({ ...row, ...changed }), words: input.words };
}

/** @throws AppError NOT_FOUND, FORBIDDEN (was not there) */
export async function readSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WholeSupervisionEntry> {
  const row = await accessEntry(ctx, actor, id, 'read');
  const words = unseal(await openKey(ctx, row), row.words, placeOf(row)).toString();
  return { ...present(row), words };
}

/** Entries in the caller's reach without their words, newest first. @throws AppError FORBIDDEN */
export async function listSupervision(
  ctx: Ctx,
  actor: Actor,
  input: ListSupervisionEntries,
): Promise<Listing<Wire>> {
  const scope = await careScope(ctx, actor, { counselor: 'counselors', supervisor: 'supervisor' });
  const asked = input.counselor === undefined ? {} : { counselors: objectId(input.counselor) };
  const filter = { $and: [scope, asked] };
  const wanted = { filter, sort: { day: -1, _id: -1 }, fields: { words: 0 } } as const;
  const { rows, ...place } = await readPage(ctx.models.SupervisionEntry, wanted, input);
  return { rows: rows.map(present), ...place };
}

async function check(ctx: Ctx, institution: string, input: HoldSupervision): Promise<Types.ObjectId[]> {
  if (input.day > dayOf(ctx.clock.now()))
    throw new AppError('BAD_INPUT', { message: '督导记录的日期不能晚于今天。' });
  const ids = input.counselors.map(objectId).filter((id) => id !== null);
  const known = { _id: { $in: ids }, institution, role: 'COUNSELOR' as const, deleted: false };
  if ((await ctx.models.User.countDocuments(known)) < input.counselors.length)
    throw new AppError('NOT_FOUND', { message: '没有找到该咨询师。' });
  return ids;
}

async function audit(ctx: Ctx, actor: Actor, { _id, institution }: Row): Promise<void> {
  await ctx.audit.write({
    institution,
    actor,
    action: 'supervision-log.write',
    subject: `supervision-entry:${_id.toHexString()}`,
  });
}

function present(row: Omit<SupervisionEntry, 'words'>): Wire {
  return {
    id: row._id.toHexString(),
    supervisor: row.supervisor.toHexString(),
    supervisorName: row.supervisorName,
    counselors: row.counselors.map((each) => each.toHexString()),
    day: row.day,
    minutes: row.minutes,
    savedTime: row.savedAt.getTime(),
  };
}
