/** Consultation records under a case file (second document, records/profile…). */
import { Types, type ClientSession } from 'mongoose';
import {
  CONSULTATION_TEXTS,
  UPDATED_TEXTS,
  type ConsultationRow,
  type ConsultationTexts,
  type CreateConsultation,
  type UpdateConsultation,
} from '../../contract/consultant/consultation.js';
import type { Consultation } from '../../models/consultation.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { AppError } from '../../platform/errors.js';
import type { DataKey } from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import { nextCaseID } from '../case/case-id.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord } from '../policies/record.js';
import { accessRecord, noRecord } from './access.js';
import { openTexts, presentConsultation, sealTexts } from './consultation-body.js';
import { recordsOf, storeRecords, type MadeRecords } from './create.js';
import { openKey } from './keys.js';
import { pictureOf, removePictures, storePicture } from './pictures.js';
import { personIndex, studentIndex } from './sealed.js';

export interface Pictures {
  signature: Buffer | null;
  attachments: Buffer[];
}

/** All consultation records of a case file, oldest first. */
export async function listConsultations(ctx: Ctx, actor: Actor, caseID: number): Promise<ConsultationRow[]> {
  const record = await accessRecord(ctx, actor, 'record.read', caseID);
  const rows = await ctx.models.Consultation.find({ record: record._id }).sort({ caseID: 1 }).lean();
  const key = await openKey(ctx, record);
  return rows.map((row) => presentConsultation(ctx, key, row));
}

/**
 * Under the case file named, else the student's, else the newest of that name, school, grade and class, else a new one.
 * @throws AppError BAD_INPUT when nothing says whose it is, NOT_FOUND, TOO_LARGE
 */
export async function createConsultation(
  ctx: Ctx,
  actor: Actor,
  input: CreateConsultation,
  pictures: Pictures,
): Promise<number> {
  const consultant = assertRecord(actor, 'record.write');
  const texts = Object.fromEntries(
    CONSULTATION_TEXTS.map((key) => [key, input[key] ?? '']),
  ) as ConsultationTexts;
  const student = texts.studentId === '' ? null : studentIndex(ctx, consultant, texts.studentId);
  const found = await whose(ctx, actor, consultant, input.id, texts, student);
  const fresh = found ? null : await newRecord(ctx, actor, consultant, texts, student);
  const record = found ?? fresh?.record;
  if (!record) throw noRecord();
  const key = fresh?.key ?? (await openKey(ctx, record));
  const stored = await storeAll(ctx, record, key, pictures);
  const row = {
    _id: new Types.ObjectId(),
    caseID: await nextCaseID(ctx),
    record: record._id,
    consultant,
    institution: record.institution,
    ...(student === null ? {} : { student }),
    thirdParty: input.isThirdPartyEvaluation ?? false,
    ...stored,
    createdAt: new Date(ctx.clock.now()),
  };
  try {
    await ctx.mongo.transaction(async (session) => {
      if (fresh) await storeRecords(ctx, fresh.made, session);
      await store(ctx, session, record, key, row, texts);
    });
  } catch (error) {
    await removePictures(ctx, named(stored));
    // Somebody made the new student's case file meanwhile.
    if (fresh && isDuplicate(error)) return createConsultation(ctx, actor, input, pictures);
    throw error;
  }
  return row.caseID;
}

type Kept = Pick<Consultation, 'signature' | 'attachments'>;
const named = ({ signature, attachments }: Kept) => [
  ...attachments,
  ...(signature === null ? [] : [signature]),
];

async function storeAll(
  ctx: Ctx,
  record: Pick<InterviewRecord, 'institution'>,
  key: DataKey,
  pictures: Pictures,
): Promise<Kept> {
  const done: string[] = [];
  try {
    for (const bytes of pictures.attachments) done.push(await storePicture(ctx, record, key, bytes));
    const attachments = [...done];
    const signature = pictures.signature && (await storePicture(ctx, record, key, pictures.signature));
    return { signature, attachments };
  } catch (error) {
    await removePictures(ctx, done);
    throw error;
  }
}

const numberIn = (text: string) => Number(/\d{1,9}/.exec(text)?.[0] ?? 0);

async function store(
  ctx: Ctx,
  session: ClientSession,
  record: InterviewRecord,
  key: DataKey,
  row: Omit<Consultation, 'body' | 'ordinal'>,
  texts: ConsultationTexts,
): Promise<void> {
  const highest = await ctx.models.Consultation.findOne({ record: record._id })
    .sort({ ordinal: -1 })
    .session(session)
    .lean();
  const ordinal = texts.count === '' ? (highest?.ordinal ?? 0) + 1 : numberIn(texts.count);
  const said = { ...texts, count: texts.count === '' ? String(ordinal) : texts.count };
  const count = String(Math.max(ordinal, highest?.ordinal ?? 0, numberIn(record.count)));
  // Written each time, so that two at once, or one beside a deletion, do not pass each other.
  const touched = await ctx.models.InterviewRecord.updateOne(
    { _id: record._id },
    { $set: { count } },
    { session },
  );
  if (touched.matchedCount === 0) throw noRecord();
  const body = sealTexts(key, row, said);
  await ctx.models.Consultation.create([{ ...row, ordinal, body }], { session });
}

async function whose(
  ctx: Ctx,
  actor: Actor,
  consultant: Types.ObjectId,
  id: number | undefined,
  texts: ConsultationTexts,
  student: string | null,
): Promise<InterviewRecord | null> {
  if (id !== undefined) return accessRecord(ctx, actor, 'record.write', id);
  const { InterviewRecord: Records, Consultation: Consultations } = ctx.models;
  if (student !== null) {
    const made = await Records.findOne({ student }).lean();
    if (made) return made;
    const known = await Consultations.findOne({ consultant, student }).sort({ caseID: -1 }).lean();
    const record = known && (await Records.findById(known.record).lean());
    if (record) return record;
  }
  if (texts.name === '') {
    if (student !== null)
      throw new AppError('BAD_INPUT', { message: '没有该学籍号的档案，新建档案需要填写姓名。' });
    throw new AppError('BAD_INPUT', { message: '请提供档案id、学籍号或姓名，以确定咨询记录属于哪份档案。' });
  }
  const person = personIndex(ctx, consultant, columnsOf(texts));
  const namesakes = await Records.find({ person }).sort({ caseID: -1 }).limit(50).lean();
  for (const record of namesakes) {
    // Of the same name and class but with another student id: somebody else.
    const foreign =
      student !== null &&
      (record.student !== undefined ||
        (await Consultations.exists({ record: record._id, student: { $exists: true, $ne: student } })));
    if (!foreign) return record;
  }
  return null;
}

const columnsOf = (texts: ConsultationTexts) => ({
  std_name: texts.name,
  std_grade: texts.grade,
  std_class: texts.class,
  std_school: texts.school,
});

interface Fresh {
  record: InterviewRecord;
  key: DataKey;
  made: MadeRecords;
}

async function newRecord(
  ctx: Ctx,
  actor: Actor,
  consultant: Types.ObjectId,
  texts: ConsultationTexts,
  student: string | null,
): Promise<Fresh> {
  const first = await nextCaseID(ctx);
  const made = await recordsOf(ctx, { consultant, institution: actor.institution, first }, [
    {
      ...columnsOf(texts),
      interview_count: '',
      interview_status: texts.visitStatus,
      interview_type: '',
      doctor_evaluation: texts.doctorEvaluation,
      follow_up_plan: texts.followUpPlan,
    },
  ]);
  const [record] = made.records;
  const [key] = made.opened;
  if (!record || !key) throw noRecord();
  if (student !== null) record.student = student;
  return { record, key, made };
}

/**
 * Left out = unchanged; what the document calls basic stays as it is.
 * @throws AppError BAD_INPUT without an id (a guess in a case file is worse), NOT_FOUND, CONFLICT
 */
export async function updateConsultation(
  ctx: Ctx,
  actor: Actor,
  input: UpdateConsultation,
  pictures: Pictures,
): Promise<void> {
  const row = await theOne(ctx, assertRecord(actor, 'record.write'), input);
  const asked =
    typeof input.attachImages === 'string' ? input.attachImages.split(',') : (input.attachImages ?? []);
  const strange = (address: string, known: readonly (string | null)[]) =>
    !known.includes(pictureOf(address) ?? '');
  if (
    (input.signatureImage !== undefined && strange(input.signatureImage, [row.signature])) ||
    asked.some((address) => address.trim() !== '' && strange(address, row.attachments))
  )
    throw new AppError('BAD_INPUT', {
      message: '图片请以文件上传；如不修改图片，请留空或传原来的图片地址。',
    });
  const record = await ctx.models.InterviewRecord.findById(row.record).lean();
  if (!record) throw noRecord();
  const key = await openKey(ctx, record);
  const texts = openTexts(key, row);
  for (const field of UPDATED_TEXTS) texts[field] = input[field] ?? texts[field];
  const stored = await storeAll(ctx, row, key, pictures);
  const kept: Kept = {
    signature: stored.signature ?? row.signature,
    attachments: stored.attachments.length > 0 ? stored.attachments : row.attachments,
  };
  const changed = await ctx.models.Consultation.updateOne(
    { _id: row._id, body: row.body },
    {
      $set: {
        ...kept,
        body: sealTexts(key, row, texts),
        thirdParty: input.isThirdPartyEvaluation ?? row.thirdParty,
      },
    },
  );
  const lost = changed.matchedCount === 0;
  const still = new Set(named(kept));
  await removePictures(ctx, lost ? named(stored) : named(row).filter((name) => !still.has(name)));
  if (lost) throw new AppError('CONFLICT', { message: '该咨询记录刚被修改，请刷新后重试。' });
}

async function theOne(
  ctx: Ctx,
  consultant: Types.ObjectId,
  input: UpdateConsultation,
): Promise<Consultation> {
  const missing = new AppError('NOT_FOUND', { message: '没有找到该咨询记录。' });
  if (input.id !== undefined) {
    const row = await ctx.models.Consultation.findOne({ caseID: input.id, consultant }).lean();
    if (!row) throw missing;
    return row;
  }
  if (!input.studentId || !input.count)
    throw new AppError('BAD_INPUT', { message: '请提供咨询记录的id，或同时提供学籍号和访谈次数。' });
  const student = studentIndex(ctx, consultant, input.studentId);
  const rows = await ctx.models.Consultation.find({
    consultant,
    student,
    ordinal: numberIn(input.count),
  }).lean();
  const [row] = rows;
  if (!row) throw missing;
  if (rows.length > 1)
    throw new AppError('BAD_INPUT', { message: '有多条咨询记录符合，请提供咨询记录的id。' });
  return row;
}
