/** The sealed text of a consultation record. */
import type { Types } from 'mongoose';
import type { ConsultationRow, ConsultationTexts } from '../../contract/consultant/consultation.js';
import type { Consultation } from '../../models/consultation.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { pictureAddress } from './pictures.js';

const placeOf = (where: { _id: Types.ObjectId; institution: string }) =>
  ['consultations', 'body', where._id.toHexString(), where.institution] as const;

/** @param key the case file's own */
export function sealTexts(
  key: DataKey,
  where: { _id: Types.ObjectId; institution: string },
  texts: ConsultationTexts,
): Buffer {
  return seal(key, Buffer.from(JSON.stringify(texts)), placeOf(where));
}

export function openTexts(key: DataKey, row: Consultation): ConsultationTexts {
  return JSON.parse(unseal(key, row.body, placeOf(row)).toString()) as ConsultationTexts;
}

/** As the second document prints it, with addresses for an hour. */
export function presentConsultation(ctx: Ctx, key: DataKey, row: Consultation): ConsultationRow {
  const texts = openTexts(key, row);
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
