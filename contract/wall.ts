/** The live wall: what supervisors see of everything that runs, and four lights for all staff (all ours). */
import { z } from 'zod';
import { answer, flag, maybeMoment, maybeText, moment, text, whole } from './answer.js';
import { RISK_LEVELS, URGENCIES, WATCH_MODES } from './enums.js';

export const LIGHTS = ['green', 'amber', 'red'] as const;
export type LightColor = (typeof LIGHTS)[number];

export const Light = answer('Light', {
  value: z.number().describe('The figure'),
  light: z.enum(LIGHTS).describe('By the limits of the policy `lights`'),
});
export type Light = z.infer<typeof Light>;

export const WallPerson = answer('WallPerson', { id: text('Identifier'), name: maybeText('Name as shown') });
export type WallPerson = z.infer<typeof WallPerson>;

/** One running session. */
export const WallSession = answer('WallSession', {
  conversationId: text('The session'),
  counselor: WallPerson.nullable().describe('Who has it'),
  visitor: WallPerson.nullable().describe('Whom it is about'),
  startTime: maybeMoment('When it began'),
  limitTime: maybeMoment('When its time is over'),
  risk: z.enum(RISK_LEVELS).describe('What is known of the visitor’s risk'),
  unansweredSince: maybeMoment('Oldest word of the visitor that nobody has answered; null when none'),
  visitorLostTime: maybeMoment('Since when the visitor holds no connection; null while they do'),
  counselorBackBy: maybeMoment('While the counselor’s connection is lost: until when they may come back'),
  calledSince: maybeMoment('A call for a supervisor that nobody has answered, since when; null when none'),
  takenOver: flag('A supervisor has taken it over'),
  watchers: z
    .array(
      z.strictObject({
        id: text('Identifier of the supervisor'),
        mode: z.enum(WATCH_MODES).describe('Hearing only, or speaking too'),
      }),
    )
    .describe('Supervisors inside it'),
});
export type WallSession = z.infer<typeof WallSession>;

/** Somebody who waits. */
export const WallWaiting = answer('WallWaiting', {
  conversationId: text('The conversation'),
  visitor: WallPerson.nullable().describe('Who waits'),
  since: moment('Since when they wait, this time'),
  risk: z.enum(RISK_LEVELS).describe('What is known of their risk'),
  urgency: z.enum(URGENCIES).describe('How soon they must be served: the line stands by it'),
  requested: maybeText('The counselor asked for by name'),
});
export type WallWaiting = z.infer<typeof WallWaiting>;

export const Wall = answer('Wall', {
  time: moment('When it was looked at: never more than 5 s ago'),
  lights: z
    .strictObject({
      load: Light.describe('Running sessions a counselor on line'),
      longWaiting: Light.describe('Who waits longer than the policy `longWaitMinutes`'),
      supervisors: Light.describe('Supervisors who are connected'),
      highRisk: Light.describe('Conversations of high risk, running or waiting'),
    })
    .describe('For all staff of the institution'),
  sessions: z
    .array(WallSession)
    .describe('Running ones in the caller’s reach, the oldest unanswered word first'),
  waiting: z.array(WallWaiting).describe('Who waits, next first; empty for counselors'),
  supervisors: z.array(WallPerson).describe('Supervisors who are connected; empty for counselors'),
  counselors: z
    .strictObject({
      online: whole('On line'),
      seats: whole('Their seats'),
      taken: whole('Of them taken'),
    })
    .describe('Of the institution'),
});
export type Wall = z.infer<typeof Wall>;

export const ReadWall = z
  .strictObject({
    institution: z.string().min(1).max(64).optional().describe('Another than one’s own: system admins only'),
  })
  .meta({ id: 'ReadWall' });
export type ReadWall = z.infer<typeof ReadWall>;

export const WatchWall = z
  .strictObject({ on: z.boolean().default(true).describe('false: no longer') })
  .meta({ id: 'WatchWall' });
export type WatchWall = z.infer<typeof WatchWall>;
