import type { InstitutionRow } from '../../contract/institution.js';
import type { Actor, Ctx } from '../context.js';
import { assertAllInstitutions } from '../policies/institution.js';

/** By code. @throws AppError FORBIDDEN */
export async function listInstitutions(ctx: Ctx, actor: Actor): Promise<InstitutionRow[]> {
  assertAllInstitutions(actor);
  const rows = await ctx.models.Institution.find({}, { name: 1 }).sort({ _id: 1 }).lean();
  return rows.map(({ _id: code, name }) => ({ code, name }));
}
