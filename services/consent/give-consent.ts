/** A visitor's informed consent, versioned (invariants.md I23; design.md, "Identity"). */
import type { GiveConsent, GivenConsent } from '../../contract/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

type Needs = Pick<Ctx, 'models' | 'policies' | 'clock'>;

/**
 * Stores what the visitor agreed to; giving it again replaces the choice about research.
 * @throws AppError FORBIDDEN for staff, CONFLICT when the text changed since it was shown
 */
export async function giveConsent(ctx: Needs, actor: Actor, input: GiveConsent): Promise<GivenConsent> {
  if (actor.role !== 'VISITOR') throw new AppError('FORBIDDEN');
  const { consentVersion } = await ctx.policies.get(actor.institution);
  if (input.version !== consentVersion) {
    throw new AppError('CONFLICT', { message: '知情同意书已更新，请重新阅读后再同意。' });
  }
  const at = new Date(ctx.clock.now());
  const consent = { version: consentVersion, at, research: input.research, by: 'form' as const };
  const stored = await ctx.models.User.updateOne(
    { _id: objectId(actor.id), deleted: false },
    { $set: { consent }, $addToSet: { consentVersions: consentVersion } },
  );
  if (stored.matchedCount === 0) throw new AppError('NOT_FOUND', { message: '该账号已不存在。' });
  return { version: consentVersion, at: at.getTime(), research: input.research };
}

/**
 * The consent under which a conversation is about to be opened.
 * @param visitorId user id, hex
 * @returns the version in force, which then stands on the user
 * @throws AppError CONSENT_NEEDED under the policy `strict` unless the form was sent for this version; NOT_FOUND
 *   for a visitor who no longer exists
 */
export async function consentFor(ctx: Needs, visitorId: string, institution: string): Promise<string> {
  const { consent: rule, consentVersion: version } = await ctx.policies.get(institution);
  const _id = objectId(visitorId);
  const visitor =
    _id && (await ctx.models.User.findOne({ _id, deleted: false }).select({ consent: 1 }).lean());
  if (!visitor) throw new AppError('NOT_FOUND', { message: '该账号已不存在。' });
  const given = visitor.consent?.version === version ? visitor.consent : null;
  if (rule === 'strict') {
    // What an earlier tap gave is not enough for an institution that asks for the form.
    if (given?.by !== 'form') throw new AppError('CONSENT_NEEDED');
    return version;
  }
  if (given === null) {
    // The documented client shows the text and opens after the tap on 我同意: that tap is the consent. Research is
    // a choice of its own, which a tap does not make. The filter keeps a form that came meanwhile.
    const consent = { version, at: new Date(ctx.clock.now()), research: false, by: 'tap' as const };
    await ctx.models.User.updateOne(
      { _id: visitor._id, 'consent.version': { $ne: version } },
      { $set: { consent }, $addToSet: { consentVersions: version } },
    );
  }
  return version;
}
