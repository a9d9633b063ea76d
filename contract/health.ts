/** What the platform knows of its own state, for administrators. */
import { z } from 'zod';
import { answer, flag, maybeWhole, moment, text, whole } from './answer.js';
import { BACKUP_PARTS, HEALTH_CHECKS, OUTBOX_CHANNELS } from './enums.js';

export const HealthCheck = answer('HealthCheck', {
  id: z.enum(HEALTH_CHECKS).describe('What was looked at'),
  ok: flag('Nothing to do'),
  value: maybeWhole(
    'How much: milliseconds of an answer, seconds of a delay, hours since the last backup, a count; null = nothing to say',
  ),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

export const Health = answer('Health', {
  time: moment('When it was looked at'),
  version: text('Of the platform'),
  node: text('The node that answers'),
  checks: z.array(HealthCheck).describe('One a line; for an institution’s admin only what concerns theirs'),
  whole: z
    .strictObject({
      engines: z
        .strictObject({ database: text('Name and version'), redis: text('Name and version') })
        .describe('What it stands on'),
      nodes: z
        .array(z.strictObject({ node: text('Node'), people: whole('People connected to it') }))
        .describe('Nodes that hold somebody’s connection, and the one that answers'),
      queues: z
        .array(
          z.strictObject({
            name: text('Queue'),
            waiting: whole('Jobs that wait'),
            active: whole('Jobs under way'),
            delayed: whole('Jobs whose time has not come'),
            failed: whole('Jobs that failed'),
            oldestSeconds: whole('How long the oldest waiting job has waited'),
          }),
        )
        .describe('None while Redis is away'),
      outbox: z
        .array(
          z.strictObject({
            channel: z.enum(OUTBOX_CHANNELS).describe('By which way'),
            waiting: whole('Notices that wait'),
            dead: whole('Notices that were given up'),
          }),
        )
        .describe('Notices that leave the platform'),
      backups: z
        .array(
          z.strictObject({
            part: z.enum(BACKUP_PARTS).describe('The data, or the keys apart from them'),
            at: moment('When its reading began'),
            documents: whole('Documents in it'),
            files: whole('Files of the local store in it'),
            bytes: whole('Its size as it lies there'),
          }),
        )
        .describe('The last whole backup of each part; a part that never had one is not among them'),
    })
    .nullable()
    .describe('What is beyond one institution; null for an institution’s admin'),
});
export type Health = z.infer<typeof Health>;
