/** The audit log (审计): who did what, and whether the chain of entries is whole (ours; docs/security.md). */
import { z } from 'zod';
import { answer, maybeText, moment, text, whole } from './answer.js';
import {
  blankAsAbsent,
  epochMs,
  humanText,
  id,
  lenientNumber,
  otherInstitution,
  page,
  size,
} from './common.js';
import { AUDIT_FAULTS } from './enums.js';

export const ListAudit = z
  .strictObject({
    institution: otherInstitution,
    actor: blankAsAbsent(id).describe('Done by one person only'),
    action: blankAsAbsent(humanText(60)).describe('One action only, such as transcript.read'),
    subject: blankAsAbsent(humanText(120)).describe('Done to one thing only, such as conversation:<id>'),
    from: blankAsAbsent(epochMs).describe('Not before; epoch milliseconds'),
    to: blankAsAbsent(epochMs).describe('Before; epoch milliseconds'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListAudit' });
export type ListAudit = z.infer<typeof ListAudit>;

export const AuditLine = answer('AuditLine', {
  number: whole('Its place in the institution’s chain, from 1, without holes'),
  time: moment('When'),
  actor: maybeText('Who; null = the platform itself'),
  actorName: maybeText('Their name today'),
  action: text('What was done: noun.verb'),
  subject: text('What it was done to: noun:id'),
  reason: maybeText('The reason that was given'),
});
export type AuditLine = z.infer<typeof AuditLine>;

export const CheckAudit = z
  .strictObject({
    institution: otherInstitution,
    number: blankAsAbsent(lenientNumber.pipe(z.int().min(1))).describe(
      'A head that was noted down earlier: only that shows a log cut off at its end',
    ),
    link: blankAsAbsent(z.string().regex(/^[0-9a-f]{64}$/, '校验值是64位十六进制')).describe(
      'The link noted down with that number',
    ),
  })
  .refine(({ number, link }) => (number === undefined) === (link === undefined), '编号和校验值需要一起填写')
  .meta({ id: 'CheckAudit' });
export type CheckAudit = z.infer<typeof CheckAudit>;

export const AuditCheck = answer('AuditCheck', {
  number: whole('The last entry; of a faulty chain the first that is wrong'),
  link: maybeText('SHA-256 of the last entry, in hex, to note down elsewhere; null when the chain is faulty'),
  fault: z
    .enum(AUDIT_FAULTS)
    .nullable()
    .describe('null = whole; an entry is missing, altered or put in, or the end was cut off'),
});
export type AuditCheck = z.infer<typeof AuditCheck>;
