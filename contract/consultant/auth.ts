/** Second document, 登录/注册. Token and userID are the dialect's, not these schemas'. */
import { z } from 'zod';
import { answer, text, whole } from '../answer.js';
import { blankAsAbsent, humanText } from '../common.js';
import { ACCOUNT_TYPES, CODE_PURPOSES } from '../enums.js';

/** Documented as strings; phones and codes come as numbers too. */
export const textOrNumber = (max: number) =>
  z.preprocess((value) => (typeof value === 'number' ? String(value) : value), humanText(max));

const account = textOrNumber(254).pipe(z.string().trim().min(1)).describe('Phone or e-mail address');
const accountType = z.enum(ACCOUNT_TYPES).describe('email or phone');
const verificationCode = textOrNumber(16).pipe(z.string().trim().min(1)).describe('The code that was sent');
const password = textOrNumber(256)
  .pipe(z.string().min(1))
  .describe('In clear; 32 hex digits are taken as the MD5 that the hotline sends');

export const ConsultantLogIn = z
  .object({
    loginType: z.enum(['password', 'code']).describe('How: by password or by code'),
    accountType,
    account,
    credential: password.describe('The password or the code'),
  })
  .meta({ id: 'ConsultantLogIn' });
export type ConsultantLogIn = z.infer<typeof ConsultantLogIn>;

export const ConsultantRegister = z
  .object({
    userName: humanText(64).pipe(z.string().trim().min(1)).describe('Unique over all institutions'),
    account,
    accountType,
    password,
    verificationCode,
  })
  .meta({ id: 'ConsultantRegister' });
export type ConsultantRegister = z.infer<typeof ConsultantRegister>;

const purpose = blankAsAbsent(z.enum(CODE_PURPOSES)).describe('Ours: binds the code to one use');
export const SendEmailCode = z.object({ email: account, purpose }).meta({ id: 'SendEmailCode' });
export const SendPhoneCode = z.object({ phone: account, purpose }).meta({ id: 'SendPhoneCode' });

export const ResetPassword = z
  .object({ accountType, account, verificationCode, newPassword: password })
  .meta({ id: 'ResetPassword' });
export type ResetPassword = z.infer<typeof ResetPassword>;

export const ProveAccount = z.object({ accountType, account, verificationCode }).meta({ id: 'ProveAccount' });
export type ProveAccount = z.infer<typeof ProveAccount>;
/** The same on a call of ours, where a field that nobody knows is refused. */
export const BindAccount = z.strictObject(ProveAccount.shape).meta({ id: 'BindAccount' });

/** Unset strings are "". */
export const ConsultantInfo = answer('ConsultantInfo', {
  userID: whole('Number that later calls send along'),
  userName: text('User name'),
  name: text('Name'),
  phone: text('Phone'),
  email: text('E-mail address'),
  organization: text('As they wrote it, else the name of their institution'),
  avatar: text('Address of the picture'),
});
export type ConsultantInfo = z.infer<typeof ConsultantInfo>;

export const ConsultantLoggedIn = answer('ConsultantLoggedIn', {
  token: text('For later calls: beside userID in the body, or as Bearer'),
  userInfo: ConsultantInfo.describe('Who signed in'),
});
export type ConsultantLoggedIn = z.infer<typeof ConsultantLoggedIn>;
