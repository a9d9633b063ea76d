/** An institution's rules, read and changed by its administrators. */
import type { Role } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { setPolicy } from './policy.js';
import type { Policy } from './rules.js';

/** How far a role reaches; closed by default. */
const MANAGE: Partial<Record<Role, 'own' | 'all'>> = {
  INSTITUTION_ADMINISTRATOR: 'own',
  SYSTEM_ADMINISTRATOR: 'all',
};

/** @throws AppError FORBIDDEN, NOT_FOUND for an institution that is unknown or not theirs */
export async function accessPolicy(ctx: Ctx, actor: Actor, named: string | undefined): Promise<string> {
  const reach = MANAGE[actor.role];
  if (reach === undefined) throw new AppError('FORBIDDEN');
  const code = named ?? actor.institution;
  if (code === actor.institution) return code;
  const known = reach === 'all' && (await ctx.models.Institution.exists({ _id: code }));
  if (!known) throw new AppError('NOT_FOUND', { message: '没有找到该机构。' });
  return code;
}

export async function readPolicy(ctx: Ctx, actor: Actor, institution?: string): Promise<Policy> {
  return ctx.policies.get(await accessPolicy(ctx, actor, institution));
}

/**
 * Changes what is named; counts at once here and within seconds on other nodes. Whoever a new rule lets in is
 * admitted in the same call.
 * @throws AppError FORBIDDEN, NOT_FOUND, BAD_INPUT (out of bounds; a new consent text without a new
 *   version), CONFLICT (another consent text came meanwhile)
 */
export async function changePolicy(
  ctx: Ctx,
  actor: Actor,
  { institution, ...patch }: Partial<Policy> & { institution?: string | undefined },
): Promise<Policy> {
  const code = await accessPolicy(ctx, actor, institution);
  const changed = await setPolicy(ctx, code, patch, actor);
  await ctx.audit.write({
    institution: code,
    actor,
    action: 'policy.change',
    subject: `policy:${code}`,
    reason: Object.keys(patch).join(','),
  });
  await ctx.admissions.admit(code);
  return changed;
}
