/** What notices to people say. Neutral: a text message lies on a lock screen, an e-mail in a mailbox that others share. */
import type { OutboxRow } from '../../models/outbox.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { isIn } from '../supervision/change.js';
import { isUnheard } from '../supervision/unheard.js';

export interface Template {
  /** Of the e-mail. */
  subject: string;
  text(data: Record<string, unknown>): string;
  /** Asked when it is about to leave: nobody needs it any more. */
  isOver?(ctx: Ctx, row: OutboxRow): Promise<boolean>;
}

export const TEMPLATES: Record<string, Template> = {
  'webhook-dead': {
    subject: '心院热线：有事件没有送达您的系统',
    text: ({ host, type }) =>
      `发往 ${String(host)} 的事件（${String(type)}）多次尝试后仍未送达，已放入待重发列表。请检查对方系统是否正常，再由管理员重新发送。`,
  },
  'supervisor-called': {
    subject: '心院热线：有同事正在等您',
    text: () => '有同事正在呼叫您，请尽快登录工作台查看。如已处理，请忽略。',
    isOver: wasAnswered,
  },
};

/** A device was reached, somebody came, or the thread has closed. */
async function wasAnswered(ctx: Ctx, { receiver, data }: OutboxRow): Promise<boolean> {
  const { thread } = data as { thread: string };
  const row = await ctx.models.Conversation.findOne({ _id: objectId(thread), openThread: true }).lean();
  const calls = row?.calls ?? [];
  const own = calls.find(({ supervisor }) => supervisor.toHexString() === receiver);
  return !own || calls.some(isIn) || !isUnheard(own);
}
