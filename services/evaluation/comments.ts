/** What clients said of a consultant: the ratings of hotline document section 38a (second document, user/comments). */
import type { Comment, ListComments } from '../../contract/consultant/profile.js';
import type { Evaluation } from '../../models/evaluation.js';
import { AppError } from '../../platform/errors.js';
import { unseal } from '../../platform/keyring.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { formatMoment } from '../time/moment.js';
import { wordsOfOrder } from './rated-order.js';

/**
 * The ratings that visitors gave the caller or their conversations, newest first; the visitor is masked.
 * @throws AppError FORBIDDEN for anybody but a counselor
 */
export async function listComments(ctx: Ctx, actor: Actor, input: ListComments): Promise<Comment[]> {
  if (actor.role !== 'COUNSELOR') throw new AppError('FORBIDDEN');
  const all = await ctx.models.Evaluation.find({ counselor: objectId(actor.id) })
    .sort({ at: -1, _id: -1 })
    .lean();
  const raters = await ctx.models.User.find(
    { _id: { $in: [...new Set(all.map(({ rater }) => rater))] }, role: 'VISITOR' },
    { name: 1 },
  ).lean();
  const nameOf = new Map(raters.map((rater) => [rater._id.toHexString(), rater.name]));
  // A supervisor rates too, but is no client.
  const said = all.filter(({ rater }) => nameOf.has(rater.toHexString()));
  const page = said.slice((input.page - 1) * input.pageSize, input.page * input.pageSize);
  const institutions = await institutionNames(ctx, page);
  return Promise.all(
    page.map(async (evaluation) => {
      const masked = mask(nameOf.get(evaluation.rater.toHexString()) ?? null);
      return {
        id: evaluation._id.toHexString(),
        avatar: '',
        username: masked,
        name: masked,
        organization: institutions.get(evaluation.institution) ?? '',
        time: formatMoment(evaluation.at),
        content: await wordsOf(ctx, evaluation),
        rating: evaluation.level === null ? '' : String(evaluation.level),
      };
    }),
  );
}

async function institutionNames(ctx: Ctx, evaluations: Evaluation[]): Promise<Map<string, string>> {
  const codes = [...new Set(evaluations.map(({ institution }) => institution))];
  const rows = await ctx.models.Institution.find({ _id: { $in: codes } }, { name: 1 }).lean();
  return new Map(rows.map(({ _id, name }) => [_id, name]));
}

/** '' where nothing was said and where the conversation was erased. */
async function wordsOf(ctx: Ctx, evaluation: Evaluation): Promise<string> {
  if (!evaluation.content) return '';
  if (evaluation.order) return wordsOfOrder(ctx, evaluation);
  const conversation = await ctx.models.Conversation.findById(evaluation.conversation, { key: 1 }).lean();
  if (!conversation) return '';
  try {
    const key = await ctx.keys.conversation(conversation.key.toHexString());
    const place = ['evaluations', 'content', evaluation._id.toHexString(), evaluation.institution] as const;
    return unseal(key, evaluation.content, place).toString();
  } catch (error) {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return '';
    throw error;
  }
}

/** First character and two stars, whatever the length. */
const mask = (name: string | null): string => `${[...(name ?? '')][0] ?? '访'}**`;
