import type { ReadingReason } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Actor, Ctx } from '../context.js';
import { isParty, type Relation } from '../policies/conversation.js';

/** One entry stands for what one log-in reads of one conversation within such a span of the clock. */
const SPAN_MS = 60 * 60_000;

/**
 * Writes down that somebody who takes no part reads a transcript, before anything of it leaves (I15): one entry an
 * hour, log-in, conversation and reason, however many pages. Who watches the session has their entry by the step.
 * @throws AppError UNAVAILABLE, OVERLOADED: then nothing may leave
 */
export async function auditReading(
  ctx: Pick<Ctx, 'audit' | 'clock'>,
  actor: Actor,
  conversation: Conversation,
  relation: Relation,
  reason: ReadingReason | undefined,
): Promise<void> {
  if (isParty(relation, conversation)) return;
  if (conversation.watch?.some(({ supervisor }) => supervisor.toHexString() === actor.id)) return;
  const id = conversation._id.toHexString();
  const span = Math.floor(ctx.clock.now() / SPAN_MS);
  const said = reason ?? UNSTATED;
  await ctx.audit.write({
    institution: conversation.institution,
    actor,
    action: 'transcript.read',
    subject: `conversation:${id}`,
    reason: said,
    once: ['reading', actor.session, id, span, said].join(':'),
  });
}

/** contract-notes.md, section 5: none sent. */
const UNSTATED = '未说明';
