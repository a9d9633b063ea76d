/** Canned replies (常用语): phrases that staff insert at the caret, their own and those of the house (ours). */
import { z } from 'zod';
import { answer, flag, moment, text } from './answer.js';
import { humanText, id } from './common.js';
import { REPLY_VARIABLES } from './enums.js';

const written = {
  title: humanText(40).trim().min(1).describe('What it is found by, with its pinyin'),
  category: humanText(20).trim().default('').describe('Under what it is listed; empty = none'),
  text: humanText(2_000)
    .trim()
    .min(1)
    .describe(`What is inserted; ${REPLY_VARIABLES.map((name) => `{{${name}}}`).join(', ')} stand for names`),
};
export const CreateCannedReply = z
  .strictObject({
    ...written,
    shared: z.boolean().default(false).describe('For the whole institution; supervisors and admins only'),
  })
  .meta({ id: 'CreateCannedReply' });
export type CreateCannedReply = z.infer<typeof CreateCannedReply>;
export const ChangeCannedReply = z
  .strictObject({ id: id.describe('The canned reply'), ...written })
  .meta({ id: 'ChangeCannedReply' });
export type ChangeCannedReply = z.infer<typeof ChangeCannedReply>;
export const OneCannedReply = z
  .strictObject({ id: id.describe('The canned reply') })
  .meta({ id: 'OneCannedReply' });

export const CannedReply = answer('CannedReply', {
  id: text('Identifier'),
  title: text('What it is found by'),
  category: text('Under what it is listed; empty = none'),
  text: text('What is inserted, with its variables'),
  shared: flag('Of the whole institution; else the caller’s own'),
  pinyin: z.array(z.string()).describe('How the title is typed in pinyin: whole, and the first letters'),
  savedTime: moment('When it was last changed'),
});
export type CannedReply = z.infer<typeof CannedReply>;
