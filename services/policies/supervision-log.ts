/** The log of supervision that was held: who was there reads it whole, who looks after them sees that it was held. */
import type { SupervisionEntry } from '../../models/supervision-entry.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

type EntryAction = 'read' | 'rewrite';

/** How somebody stands to an entry. */
type Part = 'supervisor' | 'counselor';

const ENTRY: Record<EntryAction, readonly Part[]> = {
  read: ['supervisor', 'counselor'],
  rewrite: ['supervisor'],
};

function partOf(actor: Actor, entry: SupervisionEntry): Part | null {
  if (entry.institution !== actor.institution) return null;
  if (actor.role === 'SUPERVISOR' && entry.supervisor.toHexString() === actor.id) return 'supervisor';
  const isThere = entry.counselors.some((each) => each.toHexString() === actor.id);
  return actor.role === 'COUNSELOR' && isThere ? 'counselor' : null;
}

/** Loads and authorises in one step. @throws AppError NOT_FOUND, FORBIDDEN */
export async function accessEntry(
  ctx: Ctx,
  actor: Actor,
  id: string,
  action: EntryAction,
): Promise<SupervisionEntry> {
  const _id = objectId(id);
  const entry = _id && (await ctx.models.SupervisionEntry.findById(_id).lean());
  const unknown = new AppError('NOT_FOUND', { message: '没有找到该督导记录。' });
  if (!entry) throw unknown;
  const part = partOf(actor, entry);
  if (part !== null && ENTRY[action].includes(part)) return entry;
  throw entry.institution === actor.institution ? new AppError('FORBIDDEN') : unknown;
}
