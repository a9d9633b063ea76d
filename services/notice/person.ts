/** Notices to a person: by what they are reached, and what is the same for every way. */
import type { OutboxRow } from '../../models/outbox.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { putNotice } from './put.js';
import { TEMPLATES, type Template } from './templates.js';
import { deadWith, done, type Verdict } from './verdict.js';

const MAX_ATTEMPTS = 6;

type Way = 'mail' | 'sms';
/** A word for "there is nothing to send it to", a verdict for "it can't be sent here", null when it was taken. */
type Send = (
  ctx: Ctx,
  what: { user: User; row: OutboxRow; template: Template; text: string },
) => Promise<Verdict | string | null>;

/** Reads the person and what it tells of anew, sends, and tries again (4 s, 16 s, …) when the carrier fails. */
export function createPersonSender(send: Send) {
  return async (ctx: Ctx, row: OutboxRow, now: number): Promise<Verdict> => {
    const template = TEMPLATES[row.template];
    if (!template) return deadWith('no-template');
    if (await template.isOver?.(ctx, row)) return done('over');
    const user = await findReceiver(ctx, row.receiver);
    if (!user) return done('no-address');
    try {
      const sent = await send(ctx, { user, row, template, text: template.text(row.data) });
      return typeof sent === 'string' ? done(sent) : (sent ?? done());
    } catch (error) {
      if (!(error instanceof AppError) || error.word !== 'THIRD_PARTY') throw error;
      if (row.attempts >= MAX_ATTEMPTS) return deadWith('no-answer');
      return { dueAt: new Date(now + 1_000 * 4 ** row.attempts), error: 'no-answer' };
    }
  };
}

const findReceiver = (ctx: Ctx, id: string): Promise<User | null> =>
  ctx.models.User.findOne({ _id: objectId(id), enabled: true, deleted: false }).lean();

const FIELD = { mail: 'email', sms: 'phone' } as const;

/**
 * Writes a row for a person, by the first of these ways that reaches them; the same `_id` again is the same row.
 * Nothing is written for somebody who has neither, or is gone.
 */
export async function putForPerson(
  ctx: Ctx,
  row: Omit<Parameters<typeof putNotice>[1], 'channel'>,
  ways: readonly Way[],
): Promise<void> {
  const user = await findReceiver(ctx, row.receiver);
  const way = user && ways.find((each) => user[FIELD[each]] !== null && isOpen(ctx, each, row.template));
  if (way) await putNotice(ctx, { ...row, channel: way });
}

/** Outside production the development outbox takes what no service is set up for. */
function isOpen(ctx: Ctx, way: Way, template: string): boolean {
  if (way === 'mail') return ctx.mail !== null || !ctx.config.production;
  return ctx.sms === null ? !ctx.config.production : ctx.config.smsNotices.has(template);
}
