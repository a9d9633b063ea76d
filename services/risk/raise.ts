import { RISK_LEVELS, type RiskLevel } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';

/** What is known of the risk only grows here: a low score is not "safe". */
export async function raiseRisk(ctx: Ctx, session: Conversation, to: RiskLevel): Promise<Conversation> {
  const below = RISK_LEVELS.slice(0, RISK_LEVELS.indexOf(to));
  const raised = await ctx.models.Conversation.findOneAndUpdate(
    { _id: session._id, risk: { $in: below } },
    { $set: { risk: to }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!raised) return (await ctx.conversations.reload(session._id.toHexString())) ?? session;
  await publishConversation(ctx, raised, null);
  return raised;
}
