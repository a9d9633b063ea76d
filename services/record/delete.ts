import type { Consultation } from '../../models/consultation.js';
import type { PersonalProfile } from '../../models/personal-profile.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessRecord } from './access.js';
import { destroyKey } from './keys.js';
import { removePictures } from './pictures.js';

/**
 * Deletes a case file with its consultation records and its personal profile, all or nothing; their keys and pictures
 * after it (a crash in between leaves sealed files that nothing names).
 * @throws AppError NOT_FOUND, also for another's
 */
export async function deleteRecord(ctx: Ctx, actor: Actor, caseID: number): Promise<void> {
  const record = await accessRecord(ctx, actor, 'record.delete', caseID);
  const consultant = objectId(actor.id);
  let gone: Consultation[] = [];
  let profiles: PersonalProfile[] = [];
  await ctx.mongo.transaction(async (session) => {
    const deleted = await ctx.models.InterviewRecord.deleteOne({ _id: record._id, consultant }, { session });
    if (deleted.deletedCount === 0) return;
    gone = await ctx.models.Consultation.find({ record: record._id }).session(session).lean();
    await ctx.models.Consultation.deleteMany({ record: record._id }, { session });
    profiles = await ctx.models.PersonalProfile.find({ caseID }).session(session).lean();
    await ctx.models.PersonalProfile.deleteMany({ caseID }, { session });
  });
  // From here on no copy of it, in a backup or a log of the database, can be opened.
  for (const place of [record, ...profiles]) await destroyKey(ctx, place);
  for (const consultation of gone) await removePictures(ctx, picturesOf(consultation));
}

/**
 * One consultation record of a case file; the file's count stays (contract-notes.md section 4).
 * @param id of the consultation record
 * @throws AppError NOT_FOUND, also for another's and for one of another case file
 */
export async function deleteConsultation(ctx: Ctx, actor: Actor, caseID: number, id: number): Promise<void> {
  const record = await accessRecord(ctx, actor, 'record.delete', caseID);
  const gone = await ctx.models.Consultation.findOneAndDelete({ caseID: id, record: record._id }).lean();
  if (!gone) throw new AppError('NOT_FOUND', { message: '没有找到该咨询记录。' });
  await removePictures(ctx, picturesOf(gone));
}

const picturesOf = ({ signature, attachments }: Pick<Consultation, 'signature' | 'attachments'>) => [
  ...attachments,
  ...(signature === null ? [] : [signature]),
];
