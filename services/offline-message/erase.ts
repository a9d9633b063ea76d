import type { QueryFilter } from 'mongoose';
import type { OfflineMessage } from '../../models/offline-message.js';
import type { Ctx } from '../context.js';

/** The keys first: from then on nothing can be opened; then the rows. Safe to repeat. */
export async function eraseOffline(
  ctx: Pick<Ctx, 'models' | 'keys'>,
  filter: QueryFilter<OfflineMessage>,
): Promise<void> {
  const rows = await ctx.models.OfflineMessage.find(filter, { key: 1 }).lean();
  for (const { _id, key } of rows) {
    await ctx.models.DataKey.updateOne({ _id: key }, { $set: { wrapped: null } });
    ctx.keys.drop(key.toHexString());
    await ctx.models.OfflineMessage.deleteOne({ _id });
  }
}
