/** What every renderer is given, and how it writes. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExportFormat } from '../../contract/enums.js';
import type { Signer } from '../seal/signing.js';
import type { Line, Transcript } from './transcript.js';

/** What goes with an export besides its messages. */
export interface Occasion {
  task: string;
  /** Who exported it. */
  by: { id: string; name: string | null };
  /** When it was asked for, epoch milliseconds: each try writes the same. */
  at: number;
  signer: Signer;
  /** PDF_FONT. */
  pdfFont: string;
  signal: AbortSignal;
  /** After each message: tells the progress and lets the event loop breathe. */
  tick(): Promise<void>;
}

export type Renderer = (transcript: Transcript, out: Writable, occasion: Occasion) => Promise<void>;

/** Waits while the reader is slow, so that memory stays flat. */
export async function send(out: Writable, chunk: Buffer | string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!out.write(chunk)) await once(out, 'drain', { signal });
}

/** The messages, each counted. */
export async function* ticked(transcript: Transcript, { signal, tick }: Occasion): AsyncGenerator<Line> {
  for await (const line of transcript.lines(signal)) {
    yield line;
    await tick();
  }
}

export const CONTENT_TYPES: Record<ExportFormat | 'zip', string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
  zip: 'application/zip',
};
