/** A consultant who ended their account: what the law keeps stays, their name in it is masked. */
import type { Consultation } from '../../models/consultation.js';
import type { User } from '../../models/user.js';
import { breath } from '../../platform/breath.js';
import type { Ctx } from '../context.js';
import { openTexts, sealTexts } from './consultation-body.js';
import { openKeys } from './keys.js';

/** Consultation records opened with one query for their keys. */
const BATCH = 100;

/**
 * Case files and consultation records are kept, each under its own key; conversations too. May be repeated.
 * @param masked what stands in their name's place
 */
export async function maskConsultant(
  ctx: Ctx,
  user: Pick<User, '_id' | 'name'>,
  masked: string | null,
): Promise<void> {
  await ctx.models.Conversation.updateMany({ counselor: user._id }, { $set: { counselorName: masked } });
  if (!user.name) return;
  let last = 0;
  for (;;) {
    const rows = await ctx.models.Consultation.find({ consultant: user._id, caseID: { $gt: last } })
      .sort({ caseID: 1 })
      .limit(BATCH)
      .lean();
    for (const row of rows) last = Math.max(last, row.caseID);
    await maskRows(ctx, rows, user.name, masked ?? '');
    if (rows.length < BATCH) return;
    await breath();
  }
}

async function maskRows(ctx: Ctx, rows: Consultation[], name: string, masked: string): Promise<void> {
  const records = await ctx.models.InterviewRecord.find({ _id: { $in: rows.map(({ record }) => record) } })
    .select({ key: 1, keySlot: 1 })
    .lean();
  const keyOf = await openKeys(ctx, records);
  const byId = new Map(records.map((record) => [record._id.toHexString(), record]));
  for (const row of rows) {
    const record = byId.get(row.record.toHexString());
    const key = record && keyOf(record);
    const texts = key ? openTexts(key, row) : null;
    if (!key || !texts?.consultantName.includes(name)) continue;
    texts.consultantName = texts.consultantName.split(name).join(masked);
    await ctx.models.Consultation.updateOne(
      { _id: row._id, body: row.body },
      { $set: { body: sealTexts(key, row, texts) } },
    );
  }
}
