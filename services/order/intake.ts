/** The visitor's intake form of a booking: fills the personal profile that their consultant reads. */
import type { PersonalProfileAnswer } from '../../contract/consultant/consultation.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { readProfile, saveProfile, type ProfileChange } from '../record/personal-profile.js';
import { accessOrder } from './move.js';

/** @throws AppError NOT_FOUND, also for another's */
export async function readIntake(ctx: Ctx, actor: Actor, booking: number): Promise<PersonalProfileAnswer> {
  const order = await accessOrder(ctx, actor, 'booking.intake', booking);
  return readProfile(ctx, { ...order, order });
}

/**
 * What is sent is overwritten, what is left out stays.
 * @throws AppError NOT_FOUND, RULE_REFUSED once the order is over, CONFLICT
 */
export async function writeIntake(
  ctx: Ctx,
  actor: Actor,
  booking: number,
  change: ProfileChange,
): Promise<PersonalProfileAnswer> {
  const order = await accessOrder(ctx, actor, 'booking.intake', booking);
  if (order.status === 'FINISHED' || order.status === 'REJECTED')
    throw new AppError('RULE_REFUSED', { message: '该预约已经结束，信息不能再修改，请联系咨询师。' });
  return saveProfile(ctx, { ...order, order }, change);
}
