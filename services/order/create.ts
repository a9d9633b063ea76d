import { Types } from 'mongoose';
import type { CreateOrder } from '../../contract/consultant/order.js';
import type { OrderStatus } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { nextCaseID } from '../case/case-id.js';
import type { Actor, Ctx } from '../context.js';
import { assertOrder } from '../policies/order.js';
import { dayOf } from '../roster/day.js';
import { appointmentOf } from './appointment.js';
import { priceOf } from './price.js';
import { personIndex, sealOrderField } from './sealed.js';
import { freeSlot, takeSlot } from './slot.js';

/**
 * An order that the consultant enters (second document, orders/create): accepted by being made. Outside the
 * schedule and in the past is allowed.
 * @returns its integer id
 * @throws AppError BAD_INPUT, CONFLICT when the time is taken or on a stop
 */
export async function createOrder(ctx: Ctx, actor: Actor, input: CreateOrder): Promise<number> {
  assertOrder(actor, 'order.create');
  const consultant = objectId(actor.id);
  if (!consultant) throw new AppError('FORBIDDEN');
  const order = await placeOrder(
    ctx,
    { _id: consultant, institution: actor.institution },
    input,
    'WAITING',
    null,
  );
  return order.caseID;
}

/** Takes the time first, then stores the order; a crash in between is healed by the next who wants that time. */
export async function placeOrder(
  ctx: Ctx,
  consultant: Pick<User, '_id' | 'institution'>,
  input: CreateOrder,
  status: OrderStatus,
  client: Types.ObjectId | null,
): Promise<Order> {
  const { day, startAt, endAt } = appointmentOf(input.date, input.time);
  const _id = new Types.ObjectId();
  const where = { _id, institution: consultant.institution };
  await takeSlot(ctx, consultant._id, _id, { from: startAt, to: endAt });
  try {
    const now = ctx.clock.now();
    const caseID = await nextCaseID(ctx);
    const created = await ctx.models.Order.create({
      ...where,
      caseID,
      number: `${dayOf(now).replaceAll('-', '')}${String(caseID).padStart(6, '0')}`,
      consultant: consultant._id,
      client,
      name: await sealOrderField(ctx, where, 'name', input.name),
      contact: await sealOrderField(ctx, where, 'contact', input.contact),
      keyWords: await sealOrderField(ctx, where, 'keyWords', JSON.stringify(input.key_word)),
      person: personIndex(ctx, consultant._id, input),
      gender: input.gender,
      age: input.age,
      type: input.type,
      day,
      startAt,
      endAt,
      amount: input.amount ?? (await priceOf(ctx, consultant.institution, input.type)),
      status,
      createdAt: new Date(now),
    });
    return created.toObject();
  } catch (error) {
    await freeSlot(ctx, consultant._id, _id);
    throw error;
  }
}
