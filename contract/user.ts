/** Users, identity and presence (document sections 1–4, 10b, 21; consent and guests are ours). */
import { z } from 'zod';
import { blankAsAbsent, humanText, lenientNumber, page, passwordMd5, size } from './common.js';
import type { Presence, Role } from './enums.js';
import { PRESENCES } from './enums.js';

export const LogIn = z
  .object({
    username: z.string().min(1).max(64).describe('User name'),
    password: passwordMd5,
  })
  .meta({ id: 'LogIn' });
export type LogIn = z.infer<typeof LogIn>;

export const WxLogIn = z
  .object({
    appid: z.string().min(1).max(64).describe('The mini-program’s appid'),
    code: z.string().min(1).max(512).describe('The code of wx.login'),
  })
  .meta({ id: 'WxLogIn' });
export type WxLogIn = z.infer<typeof WxLogIn>;

export const WxPhone = z
  .object({
    appid: z.string().min(1).max(64).describe('The mini-program’s appid'),
    encryptedData: blankAsAbsent(z.string().max(4_096)).describe('As the phone button gave it'),
    iv: blankAsAbsent(z.string().max(64)).describe('As the phone button gave it'),
    code: blankAsAbsent(z.string().max(512)).describe('Ours: the newer button’s code, instead of the two'),
  })
  .refine(
    ({ encryptedData, iv, code }) => code !== undefined || (encryptedData !== undefined && iv !== undefined),
    {
      path: ['encryptedData'],
      message: '需要 encryptedData 与 iv，或 code',
    },
  )
  .meta({ id: 'WxPhone' });
export type WxPhone = z.infer<typeof WxPhone>;

export const GuestLogIn = z
  .strictObject({
    device: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,64}$/)
      .describe('A random value that the device keeps; the same device is the same visitor'),
    institution: z.string().min(1).max(64).optional().describe('institutionCode of the link'),
    name: humanText(32).optional().describe('How the visitor wants to be called'),
  })
  .meta({ id: 'GuestLogIn' });
export type GuestLogIn = z.infer<typeof GuestLogIn>;

export const GiveConsent = z
  .strictObject({
    version: z.string().min(1).max(64).describe('The version of the consent text that was shown'),
    research: z.boolean().default(false).describe('Research use, a choice of its own'),
  })
  .meta({ id: 'GiveConsent' });
export type GiveConsent = z.infer<typeof GiveConsent>;

export const SetMaxConsults = z
  .object({ maxConsults: lenientNumber.pipe(z.number().int().min(0).max(50)).describe('0 pauses intake') })
  .meta({ id: 'SetMaxConsults' });
export type SetMaxConsults = z.infer<typeof SetMaxConsults>;

export const SetPresence = z.strictObject({ state: z.enum(PRESENCES) }).meta({ id: 'SetPresence' });
export type SetPresence = z.infer<typeof SetPresence>;

export const ListStaff = z
  .object({
    page,
    size: size(10),
    name: blankAsAbsent(z.string().max(64)).describe('Part of the name'),
    department: blankAsAbsent(z.string().max(64)).describe('Part of the department'),
    gender: blankAsAbsent(z.string().max(16)).describe('Exact'),
    phoneNumber: blankAsAbsent(z.union([z.string().max(32), z.number().transform(String)])).describe(
      'Part of the phone; admins only',
    ),
  })
  .meta({ id: 'ListStaff' });
export type ListStaff = z.infer<typeof ListStaff>;

/** Who is signed in (document section 4). */
export interface Me {
  id: string;
  userID: number;
  name: string | null;
  username: string;
  type: Role;
  /** `ROLE_` prefixed. */
  roles: string[];
  authorities: Record<string, boolean>;
  institutionCode: string;
}

/** The public card of a person. */
export interface UserCard {
  id: string;
  name: string | null;
  type: Role;
  avatar: string | null;
  gender: string | null;
  department: string | null;
  title: string | null;
  qualification: string | null;
  state: Presence | null;
}

/** What every row of people says; the keys of document sections 6 and 16, private ones null for who may not see them. */
interface PersonRow extends UserCard {
  createdTime: number;
  creator: null;
  lastUpdateTime: number;
  lastUpdater: null;
  username: string | null;
  institutionCode: string | null;
  avatarUrl: string | null;
  /** Epoch milliseconds of the next rostered day. */
  dutyDate: number | null;
  phoneNo: string | null;
  phoneNumber: string | null;
  idNo: string | null;
  idNumber: string | null;
  email: string | null;
  age: number;
  /** Visitors: whole seconds in sessions. */
  totalTime: number | null;
  emergencyPhone: string | null;
  qualificationCode: string | null;
  isSubscribe: boolean;
  subscribe: boolean;
  activated: boolean;
  activateTime: number | null;
  authorities: null;
  enabled: boolean;
  accountNonExpired: boolean;
  credentialsNonExpired: boolean;
  accountNonLocked: boolean;
  supervisors: string[] | null;
  maxConsults: number | null;
}

/** A staff row of document sections 6, 10a and 10b. */
export interface StaffRow extends PersonRow {
  openId: null;
  emergencyContact: { name: string | null; phoneNo: string | null };
  roles: string[];
  /** Counselors only. */
  online?: boolean;
  activeCount?: number;
  waiting?: number;
}

/** A visitor's row: document section 16 prints two of the keys as strings. */
export interface VisitorRow extends PersonRow {
  /** null for a guest. */
  openId: string | null;
  emergencyContact: string | null;
  roles: string;
}

export interface PresenceChange {
  userId: string;
  state: Presence;
  maxConsults: number;
  activeCount: number;
}

/** A counselor's own duty: what they stated and what they hold. */
export interface Duty {
  state: Presence;
  maxConsults: number;
  activeCount: number;
}
