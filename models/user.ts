import { Schema, type Types } from 'mongoose';
import { ROLES, type Role } from '../contract/enums.js';
import { withGrams } from './grams.js';

/** The free texts of the second document's profile; an absent one was never written. */
export interface ConsultantProfile {
  /** A text only: membership is `institution`. */
  organization?: string;
  introduction?: string;
  experience?: string;
  expertise?: string;
  education?: string;
  certifications?: string;
}

/** One person, whatever they are: visitor, counselor, supervisor, admin; also a consultant of the second API. */
export interface User {
  _id: Types.ObjectId;
  /** The integer id of the consultant API. */
  userID: number;
  role: Role;
  institution: string;
  /** Unique among those not deleted; a WeChat visitor's is the openId. */
  username: string;
  /** argon2id over HMAC(pepper, MD5); absent for visitors. */
  passwordHash?: string;
  /** Level C of design.md: clear, because documented filters need it. */
  name: string | null;
  /** Pieces of it, for fuzzy filters (models/grams.ts). Never read out. */
  nameGrams?: string[];
  gender: string | null;
  age: number;
  department: string | null;
  title: string | null;
  qualification: string | null;
  qualificationCode: string | null;
  avatar: string | null;
  /** Level B, sealed with the institution's key. */
  phone: Buffer | null;
  phoneIndex: string | null;
  idNumber: Buffer | null;
  email: Buffer | null;
  emailIndex: string | null;
  /** Blind index of the phone or e-mail that a code proved: it alone signs in, whatever else is written (unique). */
  phoneLogIn?: string;
  emailLogIn?: string;
  /** Written by the person without proof: these sign nobody in. What an administrator wrote does. */
  unproved: ('phone' | 'email')[];
  /** What a consultant says of themselves; public like the staff card. */
  profile: ConsultantProfile | null;
  emergencyContact: Buffer | null;
  emergencyPhone: Buffer | null;
  openId: string | null;
  /** appid:openId of a WeChat visitor. */
  wechat?: string;
  /** WeChat's session_key, sealed. */
  wechatSession?: Buffer;
  /** A guest's return code, as a digest; good until then. */
  returnCode?: { digest: string; until: Date };
  /** Blind index of a guest's device. */
  device?: string;
  supervisors: Types.ObjectId[];
  subscribe: boolean;
  enabled: boolean;
  disabledReason: string | null;
  /** When it ends by itself. */
  disabledUntil?: Date | null;
  /** Raised by everything that ends rights; a session holds the version it was made under. */
  version: number;
  activated: boolean;
  activatedAt: Date | null;
  consent: { version: string; at: Date; research: boolean; by: 'tap' | 'form' } | null;
  /** Every version ever agreed to: `consent` is the last of them. */
  consentVersions?: string[];
  deleted: boolean;
  demo?: true;
  createdAt: Date;
  updatedAt: Date;
}

export const userSchema = new Schema<User>(
  {
    userID: { type: Number, required: true },
    role: { type: String, enum: ROLES, required: true },
    institution: { type: String, required: true },
    username: { type: String, required: true },
    passwordHash: String,
    name: { type: String, default: null },
    gender: { type: String, default: null },
    age: { type: Number, default: 0 },
    department: { type: String, default: null },
    title: { type: String, default: null },
    qualification: { type: String, default: null },
    qualificationCode: { type: String, default: null },
    avatar: { type: String, default: null },
    phone: { type: Buffer, default: null },
    phoneIndex: { type: String, default: null },
    idNumber: { type: Buffer, default: null },
    email: { type: Buffer, default: null },
    emailIndex: { type: String, default: null },
    phoneLogIn: String,
    emailLogIn: String,
    unproved: { type: [String], default: [] },
    profile: {
      type: new Schema<ConsultantProfile>(
        {
          organization: String,
          introduction: String,
          experience: String,
          expertise: String,
          education: String,
          certifications: String,
        },
        { _id: false },
      ),
      default: null,
    },
    emergencyContact: { type: Buffer, default: null },
    emergencyPhone: { type: Buffer, default: null },
    openId: { type: String, default: null },
    wechat: String,
    wechatSession: Buffer,
    device: String,
    returnCode: { type: new Schema({ digest: String, until: Date }, { _id: false }), default: undefined },
    supervisors: { type: [Schema.Types.ObjectId], default: [] },
    subscribe: { type: Boolean, default: false },
    enabled: { type: Boolean, default: true },
    disabledReason: { type: String, default: null },
    disabledUntil: Date,
    version: { type: Number, default: 1 },
    activated: { type: Boolean, default: false },
    activatedAt: { type: Date, default: null },
    consent: {
      type: new Schema({ version: String, at: Date, research: Boolean, by: String }, { _id: false }),
      default: null,
    },
    consentVersions: { type: [String], default: [] },
    deleted: { type: Boolean, default: false },
    demo: Boolean,
  },
  { timestamps: true, collection: 'users' },
);
withGrams(userSchema, 'name');
userSchema.index({ disabledUntil: 1 }, { sparse: true });
userSchema.index({ username: 1 }, { unique: true, partialFilterExpression: { deleted: false } });
userSchema.index({ userID: 1 }, { unique: true });
userSchema.index({ device: 1 }, { unique: true, partialFilterExpression: { device: { $type: 'string' } } });
userSchema.index(
  { 'returnCode.digest': 1 },
  { unique: true, partialFilterExpression: { 'returnCode.digest': { $type: 'string' } } },
);
userSchema.index({ wechat: 1 }, { unique: true, partialFilterExpression: { wechat: { $type: 'string' } } });
userSchema.index({ institution: 1, role: 1, deleted: 1, createdAt: 1 });
// One role over all institutions, and everybody, oldest first: of one institution, and of all.
userSchema.index({ role: 1, deleted: 1, createdAt: 1, _id: 1 });
userSchema.index({ institution: 1, deleted: 1, createdAt: 1, _id: 1 });
userSchema.index({ deleted: 1, createdAt: 1, _id: 1 });
// One proved phone or e-mail is one person's, over all institutions; an unproved one binds nobody.
userSchema.index(
  { phoneLogIn: 1 },
  { unique: true, partialFilterExpression: { phoneLogIn: { $type: 'string' } } },
);
userSchema.index(
  { emailLogIn: 1 },
  { unique: true, partialFilterExpression: { emailLogIn: { $type: 'string' } } },
);
userSchema.index({ phoneIndex: 1 }, { sparse: true });
userSchema.index({ emailIndex: 1 }, { sparse: true });
userSchema.index({ supervisors: 1 });
userSchema.index({ consentVersions: 1, institution: 1 });
