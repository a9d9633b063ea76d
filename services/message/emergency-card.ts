import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { postSystem } from './system.js';

/**
 * The crisis lines of the house as a numbered line of the transcript; safe to repeat.
 * @param cause one card each
 */
export async function showEmergencyCard(
  ctx: Ctx,
  conversation: Conversation,
  cause: 'alarm' | 'waiting' | 'intake',
): Promise<void> {
  const { emergency } = await ctx.policies.get(conversation.institution);
  await postSystem(ctx, conversation, `sys:emergency-card:${cause}`, {
    event: 'emergency-card',
    text: emergency.map((line) => `${line.name} ${line.phone}`).join('\n'),
    data: { cause: cause === 'waiting' ? 'NOBODY_FREE' : 'RISK' },
  });
}
