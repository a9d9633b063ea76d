/** Notices by e-mail. The row names a person and codes; the address is read when the mail leaves. */
import { accountOf } from '../account/contact.js';
import { openPrivateField } from '../account/private-fields.js';
import { keepInOutbox } from '../code/outbox.js';
import { createPersonSender } from './person.js';
import { deadWith } from './verdict.js';

export const sendMail = createPersonSender(async (ctx, { user, template, text }) => {
  const to = await openPrivateField(ctx, user, 'email');
  if (!to) return 'no-address';
  if (ctx.mail) await ctx.mail.send({ to, subject: template.subject, text });
  else if (ctx.config.production) return deadWith('no-mail-service');
  else await keepInOutbox(ctx, accountOf(ctx, 'email', to), { purpose: null, text });
  return null;
});
