/** The development outbox: what would have been sent, sealed, for a system admin's eyes; never in production. */
import type { OutboxEntry } from '../../contract/code.js';
import { Types } from 'mongoose';
import { AppError } from '../../platform/errors.js';
import { accountOf, type Account } from '../account/contact.js';
import type { Actor, Ctx } from '../context.js';
import { openField, sealField } from '../seal/fields.js';

const SHOWN = 50;
const place = (id: Types.ObjectId) => ['devOutbox', 'sealed', id.toHexString()] as const;

export async function keepInOutbox(
  ctx: Ctx,
  account: Account,
  said: Pick<OutboxEntry, 'purpose' | 'code' | 'text'>,
): Promise<void> {
  const _id = new Types.ObjectId();
  const entry = { to: account.value, channel: account.type === 'email' ? 'mail' : 'sms', ...said };
  await ctx.models.DevOutbox.create({
    _id,
    receiver: `${account.type}:${account.index}`,
    sealed: await sealField(ctx, ctx.config.DEFAULT_INSTITUTION, place(_id), JSON.stringify(entry)),
    at: new Date(ctx.clock.now()),
  });
}

/**
 * Newest first.
 * @param to phone or e-mail; left out = all
 * @throws AppError FORBIDDEN, NOT_FOUND in production
 */
export async function readOutbox(ctx: Ctx, actor: Actor, to: string | undefined): Promise<OutboxEntry[]> {
  if (ctx.config.production) throw new AppError('NOT_FOUND', { message: '没有这个接口。' });
  if (actor.role !== 'SYSTEM_ADMINISTRATOR') throw new AppError('FORBIDDEN');
  const account = to === undefined ? null : accountOf(ctx, to.includes('@') ? 'email' : 'phone', to);
  const rows = await ctx.models.DevOutbox.find(
    account === null ? {} : { receiver: `${account.type}:${account.index}` },
  )
    .sort({ at: -1, _id: -1 })
    .limit(SHOWN)
    .lean();
  return Promise.all(
    rows.map(async (row) => {
      const text = await openField(ctx, ctx.config.DEFAULT_INSTITUTION, place(row._id), row.sealed);
      return { ...(JSON.parse(text ?? '{}') as Omit<OutboxEntry, 'time'>), time: row.at.getTime() };
    }),
  );
}
