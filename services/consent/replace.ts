/** The step from one consent text to the next: nobody's text is overwritten, none is forgotten. */
import { Types } from 'mongoose';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

/**
 * Keeps the text in force among those before, then puts the next one into force by compare-and-set. A death between
 * leaves the old one in force and kept already: safe to repeat.
 * @param next.text null = the documented text
 * @param step.after the version that its writer saw in force
 * @throws AppError CONFLICT when another version is in force; BAD_INPUT when the version was used before
 */
export async function replaceConsent(
  ctx: Pick<Ctx, 'models' | 'clock'>,
  institution: string,
  next: { version: string; text: string | null },
  { after, by }: { after: string; by: Pick<Actor, 'id'> | null },
): Promise<void> {
  const { ConsentText, Policy } = ctx.models;
  await createRow(ctx, institution);
  const row = await Policy.findById(institution).lean();
  // A row without a version follows the documented text, whose version the caller knows.
  const stored = row?.consentVersion ?? null;
  if (stored !== null && stored !== after) throw outdated(stored);
  if (await ConsentText.exists({ institution, version: next.version }))
    throw new AppError('BAD_INPUT', { message: `版本号“${next.version}”已经用过，请换一个新的版本号。` });
  await ConsentText.create({
    institution,
    version: after,
    text: row?.consentText ?? null,
    from: row?.consentFrom ?? null,
    by: row?.consentBy ?? null,
  }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
  const put = await Policy.updateOne(
    { _id: institution, consentVersion: stored },
    {
      $set: {
        consentVersion: next.version,
        consentText: next.text,
        consentFrom: new Date(ctx.clock.now()),
        consentBy: by && new Types.ObjectId(by.id),
      },
    },
  );
  if (put.matchedCount === 0) throw outdated(null);
}

/** Two at once: the one that lost the insert finds the row. */
async function createRow(ctx: Pick<Ctx, 'models'>, institution: string): Promise<void> {
  if (await ctx.models.Policy.exists({ _id: institution })) return;
  await ctx.models.Policy.create({ _id: institution }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}

const outdated = (version: string | null): AppError =>
  new AppError('CONFLICT', {
    message: `知情同意书刚刚有了新版本${version === null ? '' : `“${version}”`}，您的文字没有发布。请先读新版本，再决定是否发布。`,
  });
