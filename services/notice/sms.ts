/**
 * Notices by text message. The carrier sends approved templates only: SMS_NOTICES names the one of each notice. They
 * take no parameters, so a text tells nothing of anybody.
 */
import { accountOf } from '../account/contact.js';
import { openPrivateField } from '../account/private-fields.js';
import { keepInOutbox } from '../code/outbox.js';
import { createPersonSender } from './person.js';
import { deadWith } from './verdict.js';

export const sendSms = createPersonSender(async (ctx, { user, row, text }) => {
  const to = await openPrivateField(ctx, user, 'phone');
  if (!to) return 'no-address';
  const approved = ctx.config.smsNotices.get(row.template);
  if (ctx.sms) {
    if (approved === undefined) return deadWith('no-sms-template');
    await ctx.sms.sendNotice(to, approved);
  } else if (ctx.config.production) return deadWith('no-sms-service');
  else await keepInOutbox(ctx, accountOf(ctx, 'phone', to), { purpose: null, text });
  return null;
});
