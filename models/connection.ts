import { Schema, type Types } from 'mongoose';
import { ROLES, type Role } from '../contract/enums.js';

/**
 * That a node holds live sockets of somebody: one row a person and node, renewed by the node's beat. A closed
 * connection takes its row away; one that died with its node runs out.
 */
export interface ConnectionRow {
  /** `<node>:<user>` */
  _id: string;
  node: string;
  user: Types.ObjectId;
  role: Role;
  since: Date;
  until: Date;
}

export const connectionSchema = new Schema<ConnectionRow>(
  {
    _id: { type: String, required: true },
    node: { type: String, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    role: { type: String, enum: ROLES, required: true },
    since: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'connections', versionKey: false },
);
connectionSchema.index({ user: 1 });
connectionSchema.index({ node: 1 });
connectionSchema.index({ until: 1 });
