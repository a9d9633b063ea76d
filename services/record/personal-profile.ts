/**
 * Who a client is (second document, 个人档案), of a case file or an order; one counter numbers both. The visitor's
 * intake form fills an order's, the consultant may edit both.
 */
import type { Types } from 'mongoose';
import { PROFILE_TEXTS, type PersonalProfileAnswer } from '../../contract/consultant/consultation.js';
import type { WritePersonalProfile } from '../../contract/consultant/intake.js';
import type { Order } from '../../models/order.js';
import type { PersonalProfile } from '../../models/personal-profile.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { openOrder } from '../order/sealed.js';
import { assertRecord } from '../policies/record.js';
import { openKeys, storeNewKey } from './keys.js';

type Said = Partial<PersonalProfileAnswer>;
export type ProfileChange = Omit<WritePersonalProfile, 'order'>;
/** The case file or order that a profile belongs to. */
export interface ProfileSubject {
  caseID: number;
  institution: string;
  order: Order | null;
}

const TRIES = 3;
const placeOf = ({ caseID, institution }: { caseID: number; institution: string }) =>
  ['personalProfiles', 'body', String(caseID), institution] as const;

/**
 * @param id of an own case file, one of its consultation records, or an own order
 * @throws AppError NOT_FOUND
 */
export async function readPersonalProfile(
  ctx: Ctx,
  actor: Actor,
  id: number,
): Promise<PersonalProfileAnswer> {
  return readProfile(ctx, await accessSubject(ctx, assertRecord(actor, 'record.read'), id));
}

/**
 * What is sent is overwritten, what is left out stays.
 * @param input.order an own order whose intake form is taken over first
 * @throws AppError NOT_FOUND, CONFLICT
 */
export async function writePersonalProfile(
  ctx: Ctx,
  actor: Actor,
  id: number,
  { order, ...change }: WritePersonalProfile,
): Promise<PersonalProfileAnswer> {
  const consultant = assertRecord(actor, 'record.write');
  const subject = await accessSubject(ctx, consultant, id);
  const intake = order === undefined ? {} : filled(await readPersonalProfile(ctx, actor, order));
  return saveProfile(ctx, subject, { ...intake, ...change });
}

const filled = ({ emergencyContact, ...texts }: PersonalProfileAnswer): ProfileChange => ({
  ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
  ...(Object.values(emergencyContact).some((text) => text !== '') ? { emergencyContact } : {}),
});

async function accessSubject(ctx: Ctx, consultant: Types.ObjectId, id: number): Promise<ProfileSubject> {
  const { InterviewRecord, Consultation, Order } = ctx.models;
  const [record, consultation, order] = await Promise.all([
    InterviewRecord.findOne({ consultant, caseID: id }).lean(),
    Consultation.findOne({ caseID: id, consultant }).lean(),
    Order.findOne({ caseID: id, consultant }).lean(),
  ]);
  const file = record ?? (consultation && (await InterviewRecord.findById(consultation.record).lean()));
  const subject = file ?? order;
  if (!subject) throw new AppError('NOT_FOUND', { message: '没有找到该咨询。' });
  return { caseID: subject.caseID, institution: subject.institution, order: file ? null : order };
}

export async function readProfile(ctx: Ctx, subject: ProfileSubject): Promise<PersonalProfileAnswer> {
  const row = await ctx.models.PersonalProfile.findOne({ caseID: subject.caseID }).lean();
  // What a booking said begins the client's intake form.
  const booked = subject.order ? await openOrder(ctx, subject.order) : null;
  const known: Said =
    subject.order && booked
      ? {
          gender: subject.order.gender,
          age: subject.order.age,
          name: booked.name,
          contact: booked.contact,
        }
      : {};
  return complete({ ...known, ...(row ? await saidIn(ctx, row) : {}) });
}

/** @throws AppError CONFLICT when others keep writing it at the same time */
export async function saveProfile(
  ctx: Ctx,
  subject: ProfileSubject,
  change: ProfileChange,
): Promise<PersonalProfileAnswer> {
  const { PersonalProfile: Profiles } = ctx.models;
  const { caseID, institution } = subject;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const row = await Profiles.findOne({ caseID }).lean();
    const key = row ? (await openKeys(ctx, [row]))(row) : null;
    const said = row && key ? open(row, key) : {};
    const next = merged(said, change);
    if (row && key) {
      const changed = await Profiles.updateOne(
        { caseID, body: row.body },
        { $set: { body: sealSaid(key, row, next) } },
      );
      if (changed.matchedCount === 1) return readProfile(ctx, subject);
      continue;
    }
    const { opened, ...place } = await storeNewKey(ctx, institution);
    try {
      await Profiles.create({
        caseID,
        institution,
        ...place,
        body: sealSaid(opened, { caseID, institution }, next),
      });
      return await readProfile(ctx, subject);
    } catch (error) {
      // Somebody wrote it first: theirs is changed.
      if (!isDuplicate(error)) throw error;
    }
  }
  throw new AppError('CONFLICT', { message: '个人档案刚被修改，请刷新后重试。' });
}

function merged(said: Said, { emergencyContact, ...texts }: ProfileChange): Said {
  const contact = { ...complete(said).emergencyContact, ...given(emergencyContact ?? {}) };
  return { ...said, ...given(texts), emergencyContact: contact };
}

const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const sealSaid = (key: DataKey, where: { caseID: number; institution: string }, said: Said): Buffer =>
  seal(key, Buffer.from(JSON.stringify(said)), placeOf(where));
const open = (row: PersonalProfile, key: DataKey): Said =>
  JSON.parse(unseal(key, row.body, placeOf(row)).toString()) as Said;

async function saidIn(ctx: Ctx, row: PersonalProfile): Promise<Said> {
  const key = (await openKeys(ctx, [row]))(row);
  return key ? open(row, key) : {};
}

/** Every key; unset ones are "". */
function complete(said: Said): PersonalProfileAnswer {
  const texts = Object.fromEntries(PROFILE_TEXTS.map((key) => [key, said[key] ?? '']));
  const { name = '', relationship = '', phone = '' } = said.emergencyContact ?? {};
  return {
    ...(texts as Omit<PersonalProfileAnswer, 'emergencyContact'>),
    emergencyContact: { name, relationship, phone },
  };
}
