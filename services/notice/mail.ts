/** Notices by e-mail. The row names a person and codes; the address is read when the mail leaves. */
import type { OutboxRow } from '../../models/outbox.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { openPrivateField } from '../account/private-fields.js';
import { accountOf } from '../account/contact.js';
import { keepInOutbox } from '../code/outbox.js';
import type { Ctx } from '../context.js';
import { deadWith, done, type Verdict } from './verdict.js';

const MAX_ATTEMPTS = 6;

const TEMPLATES: Record<string, { subject: string; text: (data: Record<string, unknown>) => string }> = {
  'webhook-dead': {
    subject: '心院热线：有事件没有送达您的系统',
    text: ({ host, type }) =>
      `发往 ${String(host)} 的事件（${String(type)}）多次尝试后仍未送达，已放入待重发列表。请检查对方系统是否正常，再由管理员重新发送。`,
  },
};

export async function sendMail(ctx: Ctx, row: OutboxRow, now: number): Promise<Verdict> {
  const template = TEMPLATES[row.template];
  if (!template) return deadWith('no-template');
  const user = await ctx.models.User.findOne({
    _id: objectId(row.receiver),
    enabled: true,
    deleted: false,
  }).lean();
  const to = user && (await openPrivateField(ctx, user, 'email'));
  if (!to) return done('no-address');
  const text = template.text(row.data);
  try {
    if (ctx.mail) await ctx.mail.send({ to, subject: template.subject, text });
    else if (ctx.config.production) return deadWith('no-mail-service');
    else await keepInOutbox(ctx, accountOf(ctx, 'email', to), { purpose: null, text });
    return done();
  } catch (error) {
    if (!(error instanceof AppError) || error.word !== 'THIRD_PARTY') throw error;
    if (row.attempts >= MAX_ATTEMPTS) return deadWith('no-answer');
    return { dueAt: new Date(now + 1_000 * 4 ** row.attempts), error: 'no-answer' };
  }
}
