/** Who a client is (second document, 个人档案), of a case file or an order; one counter numbers both. */
import { PROFILE_TEXTS, type PersonalProfileAnswer } from '../../contract/consultant/consultation.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { openOrder } from '../order/sealed.js';
import { assertRecord } from '../policies/record.js';
import { openField } from '../seal/fields.js';

/**
 * @param id of an own case file, one of its consultation records, or an own order
 * @throws AppError NOT_FOUND
 */
export async function readPersonalProfile(
  ctx: Ctx,
  actor: Actor,
  id: number,
): Promise<PersonalProfileAnswer> {
  const consultant = assertRecord(actor, 'record.read');
  const { InterviewRecord, Consultation, Order, PersonalProfile } = ctx.models;
  const [record, consultation, order] = await Promise.all([
    InterviewRecord.findOne({ caseID: id, consultant }).lean(),
    Consultation.findOne({ caseID: id, consultant }).lean(),
    Order.findOne({ caseID: id, consultant }).lean(),
  ]);
  const file = record ?? (consultation && (await InterviewRecord.findById(consultation.record).lean()));
  const subject = file ?? order;
  if (!subject) throw new AppError('NOT_FOUND', { message: '没有找到该咨询。' });
  const row = await PersonalProfile.findOne({ caseID: subject.caseID }).lean();
  const place = ['personalProfiles', 'body', String(subject.caseID)] as const;
  const text = row ? await openField(ctx, row.institution, place, row.body) : null;
  // What a booking said is the client's own intake form.
  const booked = order ? await openOrder(ctx, order) : null;
  const known =
    order && booked
      ? { gender: order.gender, age: order.age, name: booked.name, contact: booked.contact }
      : {};
  return complete({
    ...known,
    ...(text === null ? {} : (JSON.parse(text) as Partial<PersonalProfileAnswer>)),
  });
}

/** Every key; unset ones are "". */
function complete(said: Partial<PersonalProfileAnswer>): PersonalProfileAnswer {
  const texts = Object.fromEntries(PROFILE_TEXTS.map((key) => [key, said[key] ?? '']));
  const { name = '', relationship = '', phone = '' } = said.emergencyContact ?? {};
  return {
    ...(texts as Omit<PersonalProfileAnswer, 'emergencyContact'>),
    emergencyContact: { name, relationship, phone },
  };
}
