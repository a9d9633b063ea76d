/** The sealed text of a consultation record. */
import type { Types } from 'mongoose';
import type { ConsultationRow, ConsultationTexts } from '../../contract/consultant/consultation.js';
import type { Consultation } from '../../models/consultation.js';
import type { Ctx } from '../context.js';
import { openField, sealField } from '../seal/fields.js';
import { pictureAddress } from './pictures.js';

const placeOf = (id: Types.ObjectId) => ['consultations', 'body', id.toHexString()] as const;

export function sealTexts(
  ctx: Pick<Ctx, 'keys'>,
  where: { _id: Types.ObjectId; institution: string },
  texts: ConsultationTexts,
): Promise<Buffer> {
  return sealField(ctx, where.institution, placeOf(where._id), JSON.stringify(texts));
}

export async function openTexts(ctx: Pick<Ctx, 'keys'>, row: Consultation): Promise<ConsultationTexts> {
  const text = await openField(ctx, row.institution, placeOf(row._id), row.body);
  return JSON.parse(text ?? '{}') as ConsultationTexts;
}

/** As the second document prints it, with addresses for an hour. */
export async function presentConsultation(ctx: Ctx, row: Consultation): Promise<ConsultationRow> {
  const texts = await openTexts(ctx, row);
  const attachImages = row.attachments.map((name) => pictureAddress(ctx, row, name));
  return {
    id: row.caseID,
    count: texts.count,
    name: texts.name,
    gender: texts.gender,
    studentId: texts.studentId,
    school: texts.school,
    grade: texts.grade,
    class: texts.class,
    date: texts.date,
    time: texts.time,
    duration: texts.duration,
    visitStatus: texts.visitStatus,
    description: texts.description,
    doctorEvaluation: texts.doctorEvaluation,
    followUpPlan: texts.followUpPlan,
    nextVisitPlan: texts.nextVisitPlan,
    crisisStatus: texts.crisisStatus,
    consultantName: texts.consultantName,
    signatureImage: row.signature === null ? '' : pictureAddress(ctx, row, row.signature),
    attachImage: attachImages.join(','),
    attachImages,
    isThirdPartyEvaluation: row.thirdParty,
  };
}
