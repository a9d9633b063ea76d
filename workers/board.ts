/** The queue board: what waits, what failed and why, and the button that tries it again. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';

/** @param path where it is mounted @returns an Express handler; who may call it is the server's business */
export function createBoard(queues: Queue[], path: string) {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(path);
  createBullBoard({
    queues: queues.map(
      (queue) =>
        new BullMQAdapter(queue, {
          // Jobs carry ids, are made by rows and are safe twice: trying again is harmless, making one by hand is not.
          allowRetries: true,
          description: DESCRIPTIONS[queue.name] ?? '',
        }),
    ),
    serverAdapter,
    options: {
      uiConfig: { boardTitle: '心院热线 · 队列', hideRedisDetails: true, locale: { lng: 'zh-CN' } },
    },
  });
  return serverAdapter.getRouter() as import('express').Router;
}

const DESCRIPTIONS: Record<string, string> = {
  deadline: '到期任务：会谈时限、沉默、等待期限',
  export: '导出文件的生成',
  notice: '通知的发送：推送、微信、邮件、短信',
  im: '同步到腾讯云 IM',
  'im-reconcile': '与腾讯云 IM 的每日核对',
};
