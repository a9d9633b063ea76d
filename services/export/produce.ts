/** What an export consists of: one document and its proof, or one zip that holds both for each conversation. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import type { ExportFormat } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { ExportFile, ExportTask } from '../../models/export-task.js';
import type { Ctx } from '../context.js';
import { signerOf } from '../seal/signing.js';
import { renderBatch } from './batch.js';
import { renderDocx } from './formats/docx.js';
import { renderJson } from './formats/json.js';
import { renderPdf } from './formats/pdf.js';
import { renderTxt } from './formats/txt.js';
import { renderXlsx } from './formats/xlsx.js';
import type { Lease } from './lease.js';
import type { Occasion, Renderer } from './render.js';
import { ExportRefused } from './refused.js';
import { openTranscript } from './transcript.js';
import { stampOf } from './words.js';

export type Output = Writable;
type MakeFile = (kind: string, fill: (out: Output) => Promise<void>, name: string) => Promise<ExportFile>;
export interface Made {
  file: ExportFile;
  proof: ExportFile | null;
  messages: number;
}

const RENDERERS: Record<ExportFormat, Renderer> = {
  pdf: renderPdf,
  docx: renderDocx,
  xlsx: renderXlsx,
  json: renderJson,
  txt: renderTxt,
};

/** Messages between two rests of the event loop: a chat that runs in the same process must not feel an export. */
const BREATHE_EVERY = 20;

export async function produce(ctx: Ctx, lease: Lease, output: MakeFile): Promise<Made> {
  const { task } = lease;
  const total = await messagesIn(ctx, task);
  // What proves a document is read once more.
  const passes = task.format === 'json' ? 1 : 2;
  let read = 0;
  const occasion: Occasion = {
    task: task._id.toHexString(),
    by: { id: task.asker.toHexString(), name: task.askerName },
    at: task.createdAt.getTime(),
    signer: await signerOf(ctx),
    signal: lease.signal,
    pdfFont: ctx.config.PDF_FONT,
    async tick() {
      read += 1;
      if (read % BREATHE_EVERY !== 0) return;
      await breathe();
      await lease.progress((100 * read) / Math.max(1, total * passes));
    },
  };
  return task.batch ? many(ctx, task, occasion, output) : one(ctx, task, occasion, output);
}

async function many(ctx: Ctx, task: ExportTask, occasion: Occasion, output: MakeFile): Promise<Made> {
  let messages = 0;
  const name = `会谈记录-${String(task.conversations.length)}个-${stampOf(occasion.at)}${task.redact ? '-脱敏' : ''}.zip`;
  const file = await output(
    'zip',
    async (out) => {
      messages = await renderBatch(task, out, occasion, {
        renderer: RENDERERS[task.format],
        load: async (index) =>
          openTranscript(ctx, await load(ctx, task.conversations[index]), { redact: task.redact }),
      });
    },
    name,
  );
  return { file, proof: null, messages };
}

async function one(ctx: Ctx, task: ExportTask, occasion: Occasion, output: MakeFile): Promise<Made> {
  const [id] = task.conversations;
  const conversation = await load(ctx, id);
  const transcript = await openTranscript(ctx, conversation, { redact: task.redact });
  const base = `会谈记录-${transcript.id}-${stampOf(occasion.at)}${task.redact ? '-脱敏' : ''}`;
  const file = await output(
    task.format,
    (out) => RENDERERS[task.format](transcript, out, occasion),
    `${base}.${task.format}`,
  );
  const proof =
    task.format === 'json'
      ? null
      : await output(
          'proof',
          (out) =>
            renderJson(transcript, out, occasion, { name: file.name, size: file.size, sha256: file.sha256 }),
          `${base}-校验.json`,
        );
  return { file, proof, messages: transcript.count };
}

async function load(ctx: Ctx, id: ExportTask['conversations'][number] | undefined): Promise<Conversation> {
  const conversation = id && (await ctx.models.Conversation.findById(id).lean());
  if (!conversation || conversation.deletedAt)
    throw new ExportRefused(`会谈 ${id?.toHexString() ?? ''} 已被删除，请去掉后重新导出。`);
  return conversation;
}

async function messagesIn(ctx: Ctx, task: ExportTask): Promise<number> {
  const rows = await ctx.models.Conversation.find(
    { _id: { $in: task.conversations } },
    { lastSeq: 1 },
  ).lean();
  return rows.reduce((sum, row) => sum + row.lastSeq, 0);
}
