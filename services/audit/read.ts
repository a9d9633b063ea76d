/** The audit log as its readers see it: pages, newest first, and the verdict on the chain. Both are entries themselves. */
import type { AuditCheck, AuditLine, CheckAudit, ListAudit } from '../../contract/audit.js';
import type { Listing } from '../../contract/common.js';
import type { AuditEntry } from '../../models/audit-entry.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { namesOf } from '../message/names.js';
import { readPage } from '../page.js';
import { assertAudit } from '../policies/audit.js';

/** @throws AppError FORBIDDEN, NOT_FOUND */
export async function listAudit(ctx: Ctx, actor: Actor, input: ListAudit): Promise<Listing<AuditLine>> {
  const { institution = actor.institution } = input;
  assertAudit(actor, institution);
  // Whoever turns the pages looks once.
  if (input.page === 1) await note(ctx, actor, institution, 'audit.read');
  const filter = {
    institution,
    ...(input.actor !== undefined && { actor: objectId(input.actor) }),
    ...(input.action !== undefined && { action: input.action }),
    ...(input.subject !== undefined && { subject: input.subject }),
    ...((input.from !== undefined || input.to !== undefined) && {
      at: {
        ...(input.from !== undefined && { $gte: new Date(input.from) }),
        ...(input.to !== undefined && { $lt: new Date(input.to) }),
      },
    }),
  };
  const { rows, ...place } = await readPage(
    ctx.models.AuditEntry,
    { filter, sort: { number: -1 }, fields: { link: 0 } },
    input,
  );
  const people = rows.flatMap((row) => (row.actor ? [row.actor.toHexString()] : []));
  const names = await namesOf(ctx, people);
  return { rows: rows.map((row) => present(row, names)), ...place };
}

/** Walks the whole chain. @throws AppError FORBIDDEN, NOT_FOUND */
export async function checkAudit(ctx: Ctx, actor: Actor, input: CheckAudit): Promise<AuditCheck> {
  const { institution = actor.institution, number, link } = input;
  assertAudit(actor, institution);
  await note(ctx, actor, institution, 'audit.check');
  const anchor = number === undefined || link === undefined ? undefined : { number, link };
  const verdict = await ctx.audit.verify(institution, anchor);
  return verdict.ok
    ? { ...verdict.head, fault: null }
    : { number: verdict.broken, link: null, fault: verdict.why };
}

const note = (ctx: Ctx, actor: Actor, institution: string, action: string) =>
  ctx.audit.write({ institution, actor, action, subject: `institution:${institution}` });

function present(row: Omit<AuditEntry, 'link'>, names: Map<string, string | null>): AuditLine {
  const actor = row.actor?.toHexString() ?? null;
  return {
    number: row.number,
    time: row.at.getTime(),
    actor,
    actorName: actor === null ? null : (names.get(actor) ?? null),
    action: row.action,
    subject: row.subject,
    reason: row.reason,
  };
}
