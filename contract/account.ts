/** Managing people: adding, editing, removing, banning (document sections 5–20). */
import { z } from 'zod';
import { blankAsAbsent, epochMs, humanText, id, lenientNumber, page, passwordMd5, size } from './common.js';
import { PRESENCES, STAFF_ROLES, type Role } from './enums.js';

const username = humanText(64)
  .transform((value) => value.trim())
  .refine((value) => value !== '', '用户名不能为空')
  // Visitors without an account are called so; a staff member may not stand in their way.
  .refine((value) => !/^guest-\d+$/.test(value), '该用户名不能使用')
  .describe('User name, unique over all institutions');

/** A phone as people write it, or as a number: 7 to 15 digits, with separators. */
const phone = z
  .union([z.string(), z.number().int().nonnegative().transform(String)])
  .transform((value) => value.normalize('NFKC').trim())
  .refine((value) => /^\+?[\d\s()-]{7,24}$/.test(value), '电话号码格式不正确')
  .refine((value) => {
    const digits = value.replace(/\D/g, '').length;
    return digits >= 7 && digits <= 15;
  }, '电话号码格式不正确')
  .describe('Phone number, as string or number');

/** By form only: the document’s own samples fail the check digit of real ones. */
const idNumber = z
  .union([z.string(), z.number().int().nonnegative().transform(String)])
  .transform((value) => value.trim().toUpperCase())
  .refine((value) => /^\d{17}[\dX]$/.test(value), '身份证号码应为18位，末位可以是X')
  .describe('18 characters, the last may be X');

const email = z
  .string()
  .max(254)
  .transform((value) => value.normalize('NFKC').trim())
  .refine((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), '电子邮箱格式不正确')
  .describe('E-mail address');

const text = (max: number) => humanText(max).transform((value) => value.trim());

/** In a write: left out = unchanged, "" and null clear it (contract-notes.md section 1). */
const cleared = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (value === '' || (typeof value === 'string' && value.trim() === '') ? null : value),
    schema.nullable().optional(),
  );

/** "" and null mean that it was left out, also for who writes. */
const maybe = blankAsAbsent;

const qualificationCode = text(64).describe('Number of the qualification');

/** `ROLE_` and a staff role: a key of userRoles in document section 39. */
const roleKey = z
  .enum(STAFF_ROLES.map((role) => `ROLE_${role}` as const) as [`ROLE_${Role}`, ...`ROLE_${Role}`[]])
  .transform((key) => key.slice('ROLE_'.length) as Role)
  .describe('A key of userRoles in /config');

export const CreateUser = z
  .object({
    username,
    password: passwordMd5,
    role: roleKey,
    institutionCode: maybe(z.string().max(64)).describe(
      'System administrators only; their own when left out',
    ),
  })
  .meta({ id: 'CreateUser' });
export type CreateUser = z.infer<typeof CreateUser>;

/** The document calls name to title required, its own example leaves them out. */
export const CreateStaff = z
  .object({
    username,
    password: passwordMd5,
    name: maybe(text(64)).describe('Full name'),
    gender: maybe(text(16)).describe('Free text'),
    phoneNumber: maybe(phone),
    idNumber: maybe(idNumber),
    department: maybe(text(64)).describe('Department'),
    title: maybe(text(64)).describe('Professional title'),
    qualification: maybe(text(128)).describe('Qualification'),
    qualificationCode: maybe(qualificationCode),
    qualificationcode: maybe(qualificationCode),
    email: maybe(email),
  })
  .transform(({ qualificationcode, ...rest }) => ({
    ...rest,
    qualificationCode: rest.qualificationCode ?? qualificationcode,
  }))
  .meta({ id: 'CreateStaff' });
export type CreateStaff = z.infer<typeof CreateStaff>;

const editable = {
  name: cleared(text(64)).describe('Full name'),
  phoneNumber: cleared(phone).describe('Phone number, as string or number'),
  idNumber: cleared(idNumber).describe('18 characters, the last may be X'),
  department: cleared(text(64)).describe('Department'),
  title: cleared(text(64)).describe('Professional title'),
  email: cleared(email).describe('E-mail address'),
};

/** Sections 11 and 12: `username` says who. */
export const EditCounselorByName = z
  .object({ username: z.string().min(1).max(64).describe('Who'), password: maybe(passwordMd5), ...editable })
  .meta({ id: 'EditCounselorByName' });
export type EditCounselorByName = z.infer<typeof EditCounselorByName>;

export const EditSupervisorByName = EditCounselorByName.extend({
  qualification: cleared(text(128)).describe('Qualification'),
  qualificationCode: cleared(qualificationCode).describe('Number of the qualification'),
  qualificationcode: cleared(qualificationCode).describe('The document’s spelling of qualificationCode'),
})
  .transform(({ qualificationcode, ...rest }) => ({
    ...rest,
    qualificationCode: rest.qualificationCode === undefined ? qualificationcode : rest.qualificationCode,
  }))
  .meta({ id: 'EditSupervisorByName' });
export type EditSupervisorByName = z.infer<typeof EditSupervisorByName>;

/** Section 19: the id says who, another username renames. */
export const EditCounselor = z
  .object({
    userId: id,
    username: maybe(username),
    ...editable,
    age: z
      .preprocess(
        (value) => (value === '' || value === null ? 0 : value),
        lenientNumber.pipe(z.number().int().min(0).max(150)).optional(),
      )
      .describe('Years, as string or number'),
    gender: cleared(text(16)).describe('Free text'),
    supervisors: maybe(z.array(id).max(50)).describe('Ids of their supervisors; replaces the list'),
    maxConsults: maybe(lenientNumber.pipe(z.number().int().min(0).max(50))).describe('Ours: their cap'),
  })
  .meta({ id: 'EditCounselor' });
export type EditCounselor = z.infer<typeof EditCounselor>;

export const DeleteStaff = z
  .object({
    username: z.string().min(1).max(64).describe('Who'),
    force: maybe(
      z.preprocess(
        (value) =>
          value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value,
        z.boolean(),
      ),
    ).describe('true hands their open conversations over'),
  })
  .meta({ id: 'DeleteStaff' });
export type DeleteStaff = z.infer<typeof DeleteStaff>;

export const BanUser = z
  .object({
    userId: id,
    reason: maybe(humanText(200)).describe('Why; nothing personal'),
    until: blankAsAbsent(epochMs).describe('Ours: when it ends by itself; left out = when it is lifted'),
  })
  .meta({ id: 'BanUser' });
export type BanUser = z.infer<typeof BanUser>;

export const ChangePassword = z
  .object({ oldPassword: passwordMd5, password: passwordMd5 })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** Section 18 calls the two contact fields objects and shows strings: both are read. */
const contact = z.union([
  humanText(64),
  z.object({
    name: humanText(64).nullish().describe('Name'),
    phoneNo: z
      .union([z.string().max(32), z.number()])
      .nullish()
      .describe('Phone'),
  }),
  z.number().transform(String),
]);
const blankAsNull = (value: unknown) =>
  value === null || (typeof value === 'string' && value.trim() === '') ? null : value;

export const UpdateVisitor = z
  .object({
    name: z.preprocess(blankAsNull, text(32).nullable()).describe('How the visitor wants to be called'),
    phoneNumber: z.preprocess(blankAsNull, phone.nullable()).describe('Phone number, as string or number'),
    emergencyContact: z.preprocess(blankAsNull, contact.nullable()).describe('Name of the emergency contact'),
    emergencyPhone: z.preprocess(blankAsNull, contact.nullable()).describe('Phone of the emergency contact'),
  })
  .transform(({ emergencyContact, emergencyPhone, ...rest }, context) => {
    const named = [emergencyContact, emergencyPhone].find(
      (value) => typeof value === 'object' && value !== null,
    );
    const pick = (value: typeof emergencyContact, key: 'name' | 'phoneNo') =>
      blankAsNull(typeof value === 'object' && value !== null ? (value[key] ?? null) : value) as
        string | null;
    const given = pick(emergencyPhone, 'phoneNo') ?? (named ? pick(named, 'phoneNo') : null);
    const checked = z.nullable(phone).safeParse(given);
    if (!checked.success) {
      context.addIssue({ code: 'custom', path: ['emergencyPhone'], message: '电话号码格式不正确' });
      return z.NEVER;
    }
    return { ...rest, emergencyContact: pick(emergencyContact, 'name'), emergencyPhone: checked.data };
  })
  .meta({ id: 'UpdateVisitor' });
export type UpdateVisitor = z.infer<typeof UpdateVisitor>;

const listedTypes = ['VISITOR', ...STAFF_ROLES] as [Role, ...Role[]];

export const ListUsers = z
  .object({
    page,
    size: size(10),
    type: maybe(z.enum(listedTypes)).describe('Ours: only these; VISITOR is section 16'),
    name: maybe(z.string().max(64)).describe('Ours: part of the name'),
    state: maybe(z.enum(PRESENCES)).describe('Ours: staff in this state'),
  })
  .meta({ id: 'ListUsers' });
export type ListUsers = z.infer<typeof ListUsers>;
