import type { InterviewRecord } from '../../models/interview-record.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord, mayRecord, type RecordAction } from '../policies/record.js';

export const noRecord = () => new AppError('NOT_FOUND', { message: '没有找到该咨询档案。' });

/**
 * Another's case file does not exist for the caller.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export async function accessRecord(
  ctx: Ctx,
  actor: Actor,
  action: RecordAction,
  caseID: number,
): Promise<InterviewRecord> {
  const consultant = assertRecord(actor, action);
  const record = await ctx.models.InterviewRecord.findOne({ consultant, caseID }).lean();
  if (!record || !mayRecord(actor, action, record)) throw noRecord();
  return record;
}
