/** Who may do what with orders; closed by default. An order is its consultant's, and its booker's to cancel. */
import type { Role } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import type { Actor } from '../context.js';

export type OrderAction =
  | 'order.list'
  | 'order.create'
  /** Accept, reject, start, finish. */
  | 'order.move'
  /** Whom one may book, when, and booking. */
  | 'booking.create'
  | 'booking.cancel'
  /** The intake form, and the conversation of an online one. */
  | 'booking.intake'
  | 'booking.converse'
  /** What was booked and is over. */
  | 'booking.rate'
  | 'price.set';

/** `consultant`: one's own as the consultant; `client`: what one booked; else the institution, or all. */
type Reach = 'consultant' | 'client' | 'institution' | 'all';

const ORDERS: Record<OrderAction, Partial<Record<Role, Reach>>> = {
  'order.list': { COUNSELOR: 'consultant' },
  'order.create': { COUNSELOR: 'consultant' },
  'order.move': { COUNSELOR: 'consultant' },
  'booking.create': { VISITOR: 'institution' },
  'booking.cancel': { VISITOR: 'client' },
  'booking.intake': { VISITOR: 'client' },
  'booking.converse': { VISITOR: 'client' },
  'booking.rate': { VISITOR: 'client' },
  'price.set': { INSTITUTION_ADMINISTRATOR: 'institution', SYSTEM_ADMINISTRATOR: 'all' },
};

type Subject = Partial<Pick<Order, 'consultant' | 'client'>> & { institution: string };

export function mayOrder(actor: Actor, action: OrderAction, subject: Subject): boolean {
  switch (ORDERS[action][actor.role]) {
    case 'all':
      return true;
    case 'institution':
      return subject.institution === actor.institution;
    case 'consultant':
      return subject.consultant?.toHexString() === actor.id;
    case 'client':
      return subject.client?.toHexString() === actor.id;
    case undefined:
      return false;
  }
}

/** @throws AppError FORBIDDEN when the role may do so nowhere */
export function assertOrder(actor: Actor, action: OrderAction): void {
  if (ORDERS[action][actor.role] === undefined) throw new AppError('FORBIDDEN');
}
