/** Walks an institution's audit chain and locates the first entry that is not as it was written (I15). */
import type { AuditFault } from '../../contract/enums.js';
import type { AuditEntry } from '../../models/audit-entry.js';
import type { Models } from '../../models/index.js';
import { FIRST_LINK, linkOf } from './link.js';

/** A head noted down outside the database: only that shows a log that was cut off at its end. */
export interface AuditAnchor {
  number: number;
  /** Hex. */
  link: string;
}

export type AuditVerdict =
  | { ok: true; head: AuditAnchor }
  | {
      ok: false;
      /** Number of the first entry that is wrong. */
      broken: number;
      why: AuditFault;
    };

type Entries = Models['AuditEntry']['collection'];

const PAGE = 500;

/**
 * Entries written while it walks are left to the next walk.
 * @param anchor when given, the log must still reach it with the same link
 */
export async function verifyChain(
  entries: Entries,
  institution: string,
  anchor?: AuditAnchor,
): Promise<AuditVerdict> {
  const [last] = await entries.find({ institution }).sort({ number: -1 }).limit(1).toArray();
  const end = last === undefined ? 0 : (last.number as number);
  let link: Buffer = FIRST_LINK;
  let anchored = anchor === undefined || anchor.number === 0;
  for (let from = 0; from < end; from += PAGE) {
    const rows = await entries
      .find({ institution, number: { $gt: from, $lte: Math.min(from + PAGE, end) } })
      .sort({ number: 1 })
      .toArray();
    let expected = from;
    for (const row of rows as unknown as AuditEntry[]) {
      expected += 1;
      // A number between two others can only have been put in from outside.
      if (!Number.isInteger(row.number)) return { ok: false, broken: expected, why: 'foreign' };
      if (row.number !== expected) return { ok: false, broken: expected, why: 'missing' };
      if (!isIntact(link, row)) return { ok: false, broken: expected, why: 'altered' };
      link = row.link;
      if (row.number === anchor?.number) {
        if (link.toString('hex') !== anchor.link) return { ok: false, broken: expected, why: 'altered' };
        anchored = true;
      }
    }
    if (expected < Math.min(from + PAGE, end)) return { ok: false, broken: expected + 1, why: 'missing' };
  }
  if (!anchored) return { ok: false, broken: end + 1, why: 'truncated' };
  // What the walk by number cannot meet: numbers below 1 or of another type. All are counted first, so that an
  // entry written meanwhile is never missing from the other side.
  const all = await entries.countDocuments({ institution });
  const proper = await entries.countDocuments({ institution, number: { $gte: 1 } });
  if (all > proper) return { ok: false, broken: 1, why: 'foreign' };
  return { ok: true, head: { number: end, link: link.toString('hex') } };
}

/** An entry whose fields have another type than ours is as wrong as one with another value. */
function isIntact(previous: Buffer, row: AuditEntry): boolean {
  try {
    return linkOf(previous, row).equals(row.link);
  } catch {
    return false;
  }
}
