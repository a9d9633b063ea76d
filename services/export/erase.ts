import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { eraseFiles } from './tidy.js';

/** Every export that holds a conversation: its key first, then its files; one under way finds itself refused. */
export async function eraseExportsOf(ctx: Ctx, conversation: Types.ObjectId): Promise<void> {
  const tasks = await ctx.models.ExportTask.find({ conversations: conversation, key: { $ne: null } }).lean();
  for (const task of tasks) {
    await ctx.models.ExportTask.updateOne({ _id: task._id }, { $set: { key: null } });
    await eraseFiles(ctx, task);
    await ctx.models.ExportTask.updateOne({ _id: task._id }, { $set: { file: null, proof: null } });
  }
}
