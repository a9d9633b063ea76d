import type { Consultation } from '../../models/consultation.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessRecord } from './access.js';
import { removePictures } from './pictures.js';

/**
 * Deletes a case file with its consultation records and its personal profile, all or nothing; their pictures after
 * it (a crash in between leaves sealed files that nothing names).
 * @throws AppError NOT_FOUND, also for another's
 */
export async function deleteRecord(ctx: Ctx, actor: Actor, caseID: number): Promise<void> {
  const record = await accessRecord(ctx, actor, 'record.delete', caseID);
  const consultant = objectId(actor.id);
  let gone: Consultation[] = [];
  await ctx.mongo.transaction(async (session) => {
    const deleted = await ctx.models.InterviewRecord.deleteOne({ _id: record._id, consultant }, { session });
    if (deleted.deletedCount === 0) return;
    gone = await ctx.models.Consultation.find({ record: record._id }).session(session).lean();
    await ctx.models.Consultation.deleteMany({ record: record._id }, { session });
    await ctx.models.PersonalProfile.deleteMany({ caseID }, { session });
  });
  for (const { signature, attachments } of gone)
    await removePictures(ctx, [...attachments, ...(signature === null ? [] : [signature])]);
}
