/** Who may do what with a risk case: by how they stand to its session, never to it alone; closed by default. */
import type { Conversation } from '../../models/conversation.js';
import type { RiskCase } from '../../models/risk-case.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { relationTo, type Relation } from './conversation.js';

export type RiskAction = 'read' | 'assess' | 'write' | 'sign-off' | 'close' | 'countersign';

const RISK: Record<RiskAction, readonly Relation[]> = {
  read: ['counselor', 'called', 'bound', 'institution-admin', 'system-admin'],
  assess: ['counselor', 'called', 'bound'],
  /** Plan, follow-ups, disclosures. */
  write: ['counselor', 'called', 'bound'],
  'sign-off': ['called', 'bound'],
  close: ['counselor', 'called', 'bound'],
  countersign: ['called', 'bound', 'institution-admin'],
};

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function accessRisk(
  ctx: Ctx,
  actor: Actor,
  session: Conversation,
  action: RiskAction,
): Promise<Relation> {
  const relation = await relationTo(ctx, actor, session);
  if (relation !== null && RISK[action].includes(relation)) return relation;
  const foreign = session.institution !== actor.institution;
  throw new AppError(foreign ? 'NOT_FOUND' : 'FORBIDDEN', foreign ? { message: '没有找到该风险个案。' } : {});
}

/** Loads and authorises in one step. @throws AppError NOT_FOUND, FORBIDDEN */
export async function accessCase(
  ctx: Ctx,
  actor: Actor,
  id: string,
  action: RiskAction,
): Promise<{ row: RiskCase; session: Conversation; relation: Relation }> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.RiskCase.findById(_id).lean());
  const session = row && (await ctx.models.Conversation.findById(row.conversation).lean());
  if (!row || !session) throw new AppError('NOT_FOUND', { message: '没有找到该风险个案。' });
  return { row, session, relation: await accessRisk(ctx, actor, session, action) };
}
