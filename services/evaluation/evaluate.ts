import { Types } from 'mongoose';
import type { Evaluate } from '../../contract/conversation.js';
import { AppError } from '../../platform/errors.js';
import { seal } from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { ratedOrder, subjectOfOrder, type RatedSubject } from './rated-order.js';
import { ratedConversation } from './target.js';

/** A repeat within this time of the first replaces it (endpoints.tsv, 38a). */
export const REPLACE_MS = 24 * 60 * 60 * 1_000;
const TRIES = 3;

/**
 * Rates an ended session or its counselor (document section 38a): once an object and rater, replaceable for 24 h.
 * The words are sealed with the conversation's key; without a level it counts in no average.
 * @throws AppError as ratedConversation does; RULE_REFUSED when the time for changing it is over
 */
export async function evaluate(ctx: Ctx, actor: Actor, input: Evaluate): Promise<void> {
  const order = input.orderId === undefined ? null : await ratedOrder(ctx, actor, input.orderId);
  if (order && !order.conversation) {
    await store(ctx, actor, input, await subjectOfOrder(ctx, order));
    return;
  }
  const conversationId = order?.conversation?.toHexString() ?? input.conversationId ?? '';
  const conversation = await ratedConversation(ctx, actor, { ...input, conversationId });
  await store(ctx, actor, input, {
    rated: conversation._id,
    counselor: conversation.counselor,
    institution: conversation.institution,
    seal: async (id, words) =>
      seal(await ctx.keys.conversation(conversation.key.toHexString()), words, [
        'evaluations',
        'content',
        id.toHexString(),
        conversation.institution,
      ]),
  });
  if (actor.role === 'VISITOR') await carryOver(ctx, conversation._id, actor);
}

async function store(ctx: Ctx, actor: Actor, input: Evaluate, subject: RatedSubject): Promise<void> {
  const { Evaluation } = ctx.models;
  const once = {
    conversation: subject.rated,
    objectType: input.objectType,
    rater: new Types.ObjectId(actor.id),
  };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const now = ctx.clock.now();
    const first = await Evaluation.findOne(once).select({ at: 1 }).lean();
    if (first !== null && now - first.at.getTime() > REPLACE_MS) {
      throw new AppError('RULE_REFUSED', { message: '您已经评价过了，超过24小时不能再修改。' });
    }
    const id = first?._id ?? new Types.ObjectId();
    const said = {
      level: input.level ?? null,
      content: input.content?.trim() ? await subject.seal(id, Buffer.from(input.content)) : null,
      tags: input.tags ?? [],
      ...subject.more,
    };
    if (first !== null) {
      // The time of the first stays: else a rating could be changed for ever, a day at a time.
      const replaced = await Evaluation.updateOne({ _id: id }, { $set: said });
      if (replaced.matchedCount === 1) return;
    } else {
      try {
        const { counselor, institution } = subject;
        await Evaluation.create({ _id: id, ...once, ...said, counselor, institution, at: new Date(now) });
        return;
      } catch (error) {
        // The same tap twice: the second one replaces.
        if (!isDuplicate(error)) throw error;
      }
    }
  }
  throw new AppError('CONFLICT');
}

/**
 * Writes the visitor's levels onto the conversation, where lists sort by them. They are derived: read again after
 * the write until they agree, so that two ratings at once leave the newer one, whoever writes last.
 */
async function carryOver(ctx: Ctx, conversation: Types.ObjectId, actor: Actor): Promise<void> {
  const read = async () => {
    const rows = await ctx.models.Evaluation.find({ conversation, rater: new Types.ObjectId(actor.id) })
      .select({ objectType: 1, level: 1 })
      .lean();
    const level = (object: string) => rows.find(({ objectType }) => objectType === object)?.level ?? null;
    const [conversationLevel, counselorLevel] = [level('CONVERSATION'), level('COUNSELOR')];
    return { conversationLevel, counselorLevel, level: conversationLevel ?? counselorLevel };
  };
  let levels = await read();
  for (let settled = false; !settled;) {
    await ctx.models.Conversation.updateOne({ _id: conversation }, { $set: levels });
    const now = await read();
    settled =
      now.conversationLevel === levels.conversationLevel && now.counselorLevel === levels.counselorLevel;
    levels = now;
  }
  const rated = await ctx.models.Conversation.findOneAndUpdate(
    { _id: conversation },
    { $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (rated) await publishConversation(ctx, rated, null);
}
