/** An institution's consent texts, read and published by its administrators. */
import type { ConsentText, PublishConsentText } from '../../contract/consent-text.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { DOCUMENTED_CONSENT } from '../config/consent-text.js';
import { namesOf } from '../message/names.js';
import { accessPolicy } from '../policy/manage.js';
import { replaceConsent } from './replace.js';

/** Of those before the one in force; more than anybody has published. */
const MOST = 200;

/**
 * The one in force first, then back in time.
 * @throws AppError FORBIDDEN, NOT_FOUND for an institution that is unknown or not theirs
 */
export async function listConsentTexts(ctx: Ctx, actor: Actor, asked?: string): Promise<ConsentText[]> {
  return textsOf(ctx, await accessPolicy(ctx, actor, asked));
}

async function textsOf(ctx: Ctx, institution: string): Promise<ConsentText[]> {
  ctx.policies.drop(institution);
  const [kept, row, policy] = await Promise.all([
    ctx.models.ConsentText.find({ institution }).sort({ from: -1 }).limit(MOST).lean(),
    ctx.models.Policy.findById(institution, { consentFrom: 1, consentBy: 1 }).lean(),
    ctx.policies.get(institution),
  ]);
  const { consentVersion: version, consentText: text } = policy;
  const inForce = { version, text, from: row?.consentFrom ?? null, by: row?.consentBy ?? null };
  // A publication that was cut short kept the text that is still in force.
  const all = [inForce, ...kept.filter((each) => each.version !== version)];
  const people = all.flatMap(({ by }) => by?.toHexString() ?? []);
  const names = await namesOf(ctx, people);
  return Promise.all(
    all.map(async ({ version, text, from, by }, at) => {
      const id = by?.toHexString();
      return {
        version,
        text: text ?? DOCUMENTED_CONSENT,
        from: from?.getTime() ?? null,
        until: all[at - 1]?.from?.getTime() ?? null,
        by: id === undefined ? null : { id, name: names.get(id) ?? null },
        given: await ctx.models.User.countDocuments({ consentVersions: version, institution }),
      };
    }),
  );
}

/**
 * Puts a text into force as the next version; visitors are asked anew from then on.
 * @throws AppError FORBIDDEN, NOT_FOUND, BAD_INPUT (the same words as now), CONFLICT when another text came meanwhile
 */
export async function publishConsentText(
  ctx: Ctx,
  actor: Actor,
  { institution: asked, text, after }: PublishConsentText,
): Promise<ConsentText[]> {
  const institution = await accessPolicy(ctx, actor, asked);
  const before = await textsOf(ctx, institution);
  const inForce = before[0];
  if (inForce?.version === after && inForce.text === text)
    throw new AppError('BAD_INPUT', { message: '文字与现行版本相同，不需要发布。' });
  const version = nextVersion(after, new Set(before.map((each) => each.version)));
  await replaceConsent(ctx, institution, { version, text }, { after, by: actor });
  await ctx.audit.write({
    institution,
    actor,
    action: 'consent.publish',
    subject: `policy:${institution}`,
    reason: version,
  });
  return textsOf(ctx, institution);
}

/** `hotline-1` → `hotline-2`; a name without a number gets one. */
function nextVersion(after: string, used: ReadonlySet<string>): string {
  const numbered = /^(.*?)(\d{1,9})$/.exec(after);
  const stem = numbered?.[1] ?? `${after.slice(0, 48)}-`;
  let number = Number(numbered?.[2] ?? 1);
  do number += 1;
  while (used.has(`${stem}${String(number)}`));
  return `${stem}${String(number)}`;
}
