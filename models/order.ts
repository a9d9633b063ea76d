import { Schema, type Types } from 'mongoose';
import { ORDER_STATUSES, ORDER_TYPES, type OrderStatus, type OrderType } from '../contract/enums.js';

/** A counselling order: a consultant, a client, an appointment. */
export interface Order {
  _id: Types.ObjectId;
  /** The integer id of the wire, from the counter that numbers interview and consultation records too. */
  caseID: number;
  /** What people read out: day of commitment and caseID. */
  number: string;
  consultant: Types.ObjectId;
  /** Whose key seals it: the consultant's institution when it was made. */
  institution: string;
  /** The visitor who booked; null where the consultant entered it. */
  client: Types.ObjectId | null;
  /** Level B, sealed. */
  name: Buffer | null;
  contact: Buffer | null;
  /** Sealed JSON array: what somebody seeks help for is health data. */
  keyWords: Buffer | null;
  /** Blind index of name and contact within the consultant's rows: the same person again. */
  person: string;
  gender: string;
  /** As given, digits with or without 岁. */
  age: string;
  type: OrderType;
  /** The appointment; the day in Asia/Shanghai as YYYY-MM-DD. */
  day: string;
  startAt: Date;
  endAt: Date;
  /** Fen. */
  amount: number;
  status: OrderStatus;
  /** Sealed: why it was rejected or cancelled. */
  reason: Buffer | null;
  /** The hotline conversation of an online order. */
  conversation: Types.ObjectId | null;
  /** True only while its status follows that conversation's. */
  following?: true;
  /** When it was committed. */
  createdAt: Date;
  finishedAt: Date | null;
  /** Raised with every change of status. */
  rev: number;
  demo?: true;
}

export const orderSchema = new Schema<Order>(
  {
    caseID: { type: Number, required: true },
    number: { type: String, required: true },
    consultant: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    client: { type: Schema.Types.ObjectId, default: null },
    name: { type: Buffer, default: null },
    contact: { type: Buffer, default: null },
    keyWords: { type: Buffer, default: null },
    person: { type: String, required: true },
    gender: { type: String, default: '' },
    age: { type: String, default: '' },
    type: { type: String, enum: ORDER_TYPES, required: true },
    day: { type: String, required: true },
    startAt: { type: Date, required: true },
    endAt: { type: Date, required: true },
    amount: { type: Number, default: 0 },
    status: { type: String, enum: ORDER_STATUSES, required: true },
    reason: { type: Buffer, default: null },
    conversation: { type: Schema.Types.ObjectId, default: null },
    following: Boolean,
    createdAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    rev: { type: Number, default: 0 },
    demo: Boolean,
  },
  { collection: 'orders', versionKey: false },
);
orderSchema.index({ caseID: 1 }, { unique: true });
orderSchema.index({ consultant: 1, caseID: -1 });
orderSchema.index({ consultant: 1, day: 1 });
orderSchema.index({ consultant: 1, createdAt: 1 });
orderSchema.index({ client: 1, caseID: -1 }, { partialFilterExpression: { client: { $type: 'objectId' } } });
orderSchema.index(
  { conversation: 1 },
  { unique: true, partialFilterExpression: { conversation: { $type: 'objectId' } } },
);
orderSchema.index({ following: 1 }, { partialFilterExpression: { following: true } });
