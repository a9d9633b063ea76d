/** What an export consists of: one document and its proof, or one zip that holds both for each conversation. */
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { Types } from 'mongoose';
import type { ExportFormat } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { ExportFile, ExportTask } from '../../models/export-task.js';
import type { Ctx } from '../context.js';
import { attachmentBytes } from '../files/attachment.js';
import { signerOf } from '../seal/signing.js';
import { baseOf, documentOf, renderBatch } from './batch.js';
import { renderDocx } from './formats/docx.js';
import { renderJson } from './formats/json.js';
import { renderPdf } from './formats/pdf.js';
import { renderTxt } from './formats/txt.js';
import { indexRowOf, renderXlsx } from './formats/xlsx.js';
import type { Lease } from './lease.js';
import type { Occasion, Renderer } from './render.js';
import { ExportRefused } from './refused.js';
import type { Part, PartAttachment, Parts } from './parts.js';
import { openTranscript, type Line, type Transcript } from './transcript.js';
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

export async function produce(ctx: Ctx, lease: Lease, output: MakeFile, parts: Parts): Promise<Made> {
  const { task } = lease;
  const total = await messagesIn(ctx, task);
  // What proves a document is read once more.
  const passes = task.format === 'json' ? 1 : 2;
  /** Of the conversations that are finished, and of the one under way. */
  let finished = 0;
  let read = 0;
  const occasion: Occasion & { done(messages: number): Promise<void> } = {
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
      await lease.progress((100 * (finished * passes + read)) / Math.max(1, total * passes));
    },
    async done(messages) {
      finished += messages;
      read = 0;
      await lease.progress((100 * finished) / Math.max(1, total));
    },
  };
  return task.batch ? many(ctx, task, occasion, output, parts) : one(ctx, task, occasion, output);
}

async function many(
  ctx: Ctx,
  task: ExportTask,
  occasion: Occasion & { done(messages: number): Promise<void> },
  output: MakeFile,
  parts: Parts,
): Promise<Made> {
  const renderer = RENDERERS[task.format];
  const opened = async (index: number) =>
    openTranscript(ctx, await load(ctx, task.conversations[index]), { redact: task.redact });

  /** One conversation, unless a try before this one has finished it. */
  async function part(index: number): Promise<Part> {
    const made = await parts.read(index);
    if (made) return made;
    try {
      return await makePart(index);
    } catch (error) {
      await parts.drop(index).catch(() => undefined);
      throw error;
    }
  }

  async function makePart(index: number): Promise<Part> {
    const transcript = await opened(index);
    const name = documentOf(task, baseOf(index, transcript.id));
    const attachments: PartAttachment[] = [];
    const noted: Transcript = {
      ...transcript,
      lines: (signal) => noting(transcript.lines(signal), attachments),
    };
    const document = await parts.write(index, 'document', (out) => renderer(noted, out, occasion));
    const { size, sha256 } = document;
    const proof =
      task.format === 'json'
        ? null
        : await parts.write(index, 'proof', (out) =>
            renderJson(transcript, out, occasion, { name, size, sha256 }),
          );
    const whole: Part = {
      conversation: transcript.id,
      document,
      proof,
      messages: transcript.count,
      index: indexRowOf(transcript, name),
      attachments,
    };
    await parts.keep(index, whole);
    return whole;
  }

  for (const index of task.conversations.keys()) {
    const { messages } = await part(index);
    await occasion.done(messages);
  }
  let messages = 0;
  const name = `会谈记录-${String(task.conversations.length)}个-${stampOf(occasion.at)}${task.redact ? '-脱敏' : ''}.zip`;
  const file = await output(
    'zip',
    async (out) => {
      messages = await renderBatch(task, out, occasion, {
        part,
        open: parts.open,
        async attachment({ conversation }, { id, sha256 }) {
          const row = await load(ctx, new Types.ObjectId(conversation));
          const key = await ctx.keys.conversation(row.key.toHexString());
          const bytes = await attachmentBytes(ctx, key, row, id);
          return bytes && createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : null;
        },
      });
    },
    name,
  );
  return { file, proof: null, messages };
}

/** Passes the lines on and notes which files go with them. */
async function* noting(lines: AsyncGenerator<Line>, attachments: PartAttachment[]): AsyncGenerator<Line> {
  attachments.length = 0;
  for await (const line of lines) {
    const { attachment } = line.body;
    if (attachment && line.state === 'shown') {
      const { id, name, sha256 } = attachment;
      attachments.push({ seq: line.seq, id, name, sha256 });
    }
    yield line;
  }
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
