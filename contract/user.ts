/** Users, identity and presence (document sections 1–4, 10b, 21; consent and guests are ours). */
import { z } from 'zod';
import { blankAsAbsent, humanText, lenientNumber, page, passwordMd5, size } from './common.js';
import { always, answer, flag, maybeMoment, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import type { Presence } from './enums.js';
import { PRESENCES, ROLES } from './enums.js';

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

export const deviceValue = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

export const GuestLogIn = z
  .strictObject({
    device: deviceValue.describe('A random value that the device keeps; the same device is the same visitor'),
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

export const SetPresence = z
  .strictObject({ state: z.enum(PRESENCES).describe('Availability') })
  .meta({ id: 'SetPresence' });
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

export const SetNotice = z
  .strictObject({
    wanted: z.boolean().describe('The visitor allowed it just now; one consent is good for one notice'),
  })
  .meta({ id: 'SetNotice' });
export type SetNotice = z.infer<typeof SetNotice>;

export const Notice = answer('Notice', {
  template: maybeText(
    'The template to ask for by wx.requestSubscribeMessage; null when there is none to send',
  ),
  wanted: flag('A notice will come when somebody is ready'),
});
export type Notice = z.infer<typeof Notice>;

/** Who is signed in (document section 4). */
export const Me = answer('Me', {
  id: text('Identifier, and the account of Tencent IM'),
  userID: whole('Number of the consultant API'),
  name: maybeText('null until known'),
  username: text('User name; a visitor’s openId'),
  type: z.enum(ROLES).describe('Role'),
  roles: z.array(z.string()).describe('The role, ROLE_ prefixed'),
  authorities: z.record(z.string(), z.boolean()).describe('What they may do: permission to true'),
  institutionCode: text('Institution; "" when they belong to none'),
});
export type Me = z.infer<typeof Me>;

const card = {
  id: text('Identifier of the person'),
  name: maybeText('Name as shown, null until known'),
  type: z.enum(ROLES).describe('Role'),
  avatar: maybeText('Address of the picture'),
  gender: maybeText('Free text'),
  department: maybeText('Department'),
  title: maybeText('Professional title'),
  qualification: maybeText('Qualification'),
  state: z.enum(PRESENCES).nullable().describe('Stated availability; null for visitors'),
};

/** The public card of a person. */
export const UserCard = answer('UserCard', card);
export type UserCard = z.infer<typeof UserCard>;

/** What every row of people says; the keys of document sections 6 and 16, private ones null for who may not see them. */
const person = {
  ...card,
  createdTime: moment('When they were added'),
  creator: always(null, 'Documented as null'),
  lastUpdateTime: moment('When the row last changed'),
  lastUpdater: always(null, 'Documented as null'),
  username: maybeText('User name; a visitor’s openId'),
  institutionCode: maybeText('Institution'),
  avatarUrl: maybeText('The same as avatar'),
  dutyDate: maybeMoment('Start of the next rostered day'),
  phoneNo: maybeText('Phone'),
  phoneNumber: maybeText('Phone'),
  idNo: maybeText('ID number'),
  idNumber: maybeText('ID number'),
  email: maybeText('E-mail address'),
  age: whole('Years, 0 when unknown'),
  totalTime: maybeWhole('Of a visitor: whole seconds in sessions'),
  emergencyPhone: maybeText('Phone of the emergency contact'),
  qualificationCode: maybeText('Number of the qualification'),
  isSubscribe: flag('Takes subscribe-messages of the mini-program'),
  subscribe: flag('The same as isSubscribe'),
  activated: flag('Signed in once; a visitor: filled in section 18'),
  activateTime: maybeMoment('When they were activated'),
  authorities: always(null, 'Documented as null; section 4 tells one’s own'),
  enabled: flag('False while banned or disabled'),
  accountNonExpired: flag('Documented as true'),
  credentialsNonExpired: flag('Documented as true'),
  accountNonLocked: flag('Documented as true'),
  supervisors: z.array(z.string()).nullable().describe('Ids of a counselor’s supervisors; null for visitors'),
  maxConsults: maybeWhole('Most conversations at once'),
};
const contact = z
  .strictObject({ name: maybeText('Name'), phoneNo: maybeText('Phone') })
  .describe('Emergency contact');
const staff = {
  ...person,
  openId: always(null, 'Staff has none'),
  emergencyContact: contact,
  roles: z.array(z.string()).describe('The role, ROLE_ prefixed'),
};
const seats = {
  online: flag('Counselors only: on line').optional(),
  activeCount: whole('Counselors only: conversations they hold').optional(),
  waiting: whole('Counselors only: visitors who wait for them by name').optional(),
};

/** A staff row of document sections 6, 10a and 10b. */
export const StaffRow = answer('StaffRow', { ...staff, ...seats });
export type StaffRow = z.infer<typeof StaffRow>;

/** A visitor's row: document section 16 prints two of the keys as strings. */
export const VisitorRow = answer('VisitorRow', {
  ...person,
  openId: maybeText('WeChat’s openId; null for a guest'),
  emergencyContact: maybeText('Name of the emergency contact'),
  roles: text('ROLE_VISITOR'),
});
export type VisitorRow = z.infer<typeof VisitorRow>;

type Nullable<Shape extends z.ZodRawShape> = { [Key in keyof Shape]: z.ZodNullable<Shape[Key]> };
const hidden = Object.fromEntries(
  Object.entries(staff)
    .filter(([key]) => !(key in card))
    .map(([key, schema]) => [key, schema.nullable().describe(schema.description ?? '')]),
) as unknown as Nullable<Omit<typeof staff, keyof typeof card>>;
/** The row for who sees a card only: the same keys, null beyond the card and what a counselor's seats say. */
export const PublicStaffRow = answer('PublicStaffRow', { ...card, ...hidden, ...seats });
export type PublicStaffRow = z.infer<typeof PublicStaffRow>;

export const GuestLoggedIn = answer('GuestLoggedIn', {
  token: text('For the Authorization header (Bearer) and for sockets; the cookie carries it too'),
  me: Me.describe('Who the guest is'),
});

export const GivenConsent = answer('GivenConsent', {
  version: text('The version agreed to'),
  at: moment('When'),
  research: flag('Agreed to research use'),
});
export type GivenConsent = z.infer<typeof GivenConsent>;

export interface PresenceChange {
  userId: string;
  state: Presence;
  /** False from the moment the last connection was noticed as lost until one is back. */
  connected: boolean;
  maxConsults: number;
  activeCount: number;
}

/** A counselor's own duty: what they stated and what they hold. */
export const Duty = answer('Duty', {
  state: z.enum(PRESENCES).describe('Stated availability'),
  connected: flag('False while the last connection is lost; whoever states over HTTP needs none'),
  maxConsults: whole('Most conversations at once'),
  activeCount: whole('Conversations they hold'),
});
export type Duty = z.infer<typeof Duty>;
