/** What a visitor may be asked while they wait; the answers say how soon they must be served (all ours). */
import { z } from 'zod';
import { answer, flag, text } from './answer.js';
import { id } from './common.js';
import { URGENCIES } from './enums.js';

const key = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** An institution's rule. */
export const IntakeQuestions = z
  .array(
    z.strictObject({
      id: key.describe('Key of the answer'),
      text: z.string().min(1).max(200).describe('As asked'),
      options: z
        .array(
          z.strictObject({
            id: key.describe('What is answered'),
            text: z.string().min(1).max(100).describe('As shown'),
            urgency: z.enum(URGENCIES).describe('How soon whoever answers so must be served'),
          }),
        )
        .min(2)
        .max(6)
        .describe('One of them is chosen'),
    }),
  )
  .max(5);
export type IntakeQuestions = z.infer<typeof IntakeQuestions>;

export const AnswerIntake = z
  .strictObject({
    id: id.describe('The conversation'),
    answers: z
      .record(key, key)
      .describe('Option by question; any of them may be left out, but not all; none where they are required')
      .refine((answers) => Object.keys(answers).length > 0, { message: '请至少回答一个问题' }),
  })
  .meta({ id: 'AnswerIntake' });
export type AnswerIntake = z.infer<typeof AnswerIntake>;

/** The questions as their visitor sees them. */
export const Intake = answer('Intake', {
  answered: flag('They were answered; they count once'),
  required: flag(
    'The institution asks everybody: the clients let nothing be written before every answer is given',
  ),
  questions: z
    .array(
      z.strictObject({
        id: text('Key of the answer'),
        text: text('As asked'),
        options: z
          .array(z.strictObject({ id: text('What is answered'), text: text('As shown') }))
          .describe('One of them'),
      }),
    )
    .describe('In this order; none = nothing is asked'),
});
export type Intake = z.infer<typeof Intake>;
