/** Writing a personal profile: the visitor's intake form, and the consultant's own words (contract-notes.md section 4). */
import { z } from 'zod';
import { lenientNumber } from '../common.js';
import { textOrNumber } from './auth.js';

const said = (max: number) => textOrNumber(max).pipe(z.string().trim()).optional();
/** Writing a personal profile (ours): what is sent is overwritten, "" clears, left out = unchanged. */
export const WritePersonalProfile = z
  .strictObject({
    name: said(64).describe('Name'),
    id: said(32).describe('ID number'),
    gender: said(16).describe('Gender'),
    age: said(16).describe('Age'),
    education: said(64).describe('Education'),
    occupation: said(64).describe('Occupation'),
    maritalStatus: said(32).describe('Marital status'),
    contact: said(64).describe('Phone or WeChat id'),
    referral: said(200).describe('Who sent them'),
    complaint: said(5_000).describe('What brings them'),
    goal: said(5_000).describe('What they hope for'),
    emergencyContact: z
      .strictObject({
        name: said(64).describe('Name'),
        relationship: said(32).describe('Relationship'),
        phone: said(32).describe('Phone'),
      })
      .optional()
      .describe('Whom to call in an emergency'),
    order: lenientNumber
      .pipe(z.number().int())
      .optional()
      .describe('Consultants only: takes over what the intake form of this order says'),
  })
  .meta({ id: 'WritePersonalProfile' });
export type WritePersonalProfile = z.infer<typeof WritePersonalProfile>;
