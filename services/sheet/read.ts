/** Uploaded workbooks as text, read in a thread (read-worker.mjs) under limits of size, rows, memory and time. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/errors.js';
import { extensionOf, kindOf } from './kind.js';

/** Bytes of a file as uploaded. */
export const MAX_SHEET_BYTES = 10 * 1_048_576;
/** Rows of one upload besides its head. */
export const MAX_SHEET_ROWS = 10_000;
const MAX_COLUMNS = 64;
/** Bytes that an .xlsx may unpack to. */
const MAX_UNPACKED = 200 * 1_048_576;
const DEADLINE_MS = 20_000;
/** Readings that may wait for their turn; one runs at a time, for each may take much memory. */
const MOST_WAITING = 8;

const REFUSALS = {
  broken: '文件无法读取，可能已损坏或加密，请用 Excel 另存为 .xlsx 后重试。',
  unpacked: '文件内容过大，请分成几个文件上传。',
  rows: `一次最多上传${String(MAX_SHEET_ROWS)}行，请分成几个文件上传。`,
  columns: `表格的列数过多，最多${String(MAX_COLUMNS)}列。`,
  empty: '文件里没有内容，请按模板填写后上传。',
} as const;
type Answer = { rows: string[][] } | { refusal: keyof typeof REFUSALS };

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * @returns the first visible sheet's cells as text; the index is the sheet's row, counted from 0
 * @throws AppError BAD_INPUT for what is no .xls or .xlsx by name and by content, TOO_LARGE, OVERLOADED
 */
export async function readSheet(file: { name: string; bytes: Buffer }): Promise<string[][]> {
  if (file.bytes.length > MAX_SHEET_BYTES) throw new AppError('TOO_LARGE', { message: '文件不能超过10MB。' });
  const kind = kindOf(file.bytes);
  const named = extensionOf(file.name);
  if ((kind !== 'xls' && kind !== 'xlsx') || (named !== 'xls' && named !== 'xlsx'))
    throw new AppError('BAD_INPUT', { message: '请上传 Excel 文件（.xls 或 .xlsx，不含宏）。' });
  if (waiting >= MOST_WAITING) throw new AppError('OVERLOADED', { retry: 2_000 });
  waiting += 1;
  const turn = last.then(() => inThread(file.bytes));
  last = turn.catch(() => undefined);
  try {
    const answer = await turn;
    if ('rows' in answer) return answer.rows;
    const word = answer.refusal === 'unpacked' ? 'TOO_LARGE' : 'BAD_INPUT';
    throw new AppError(word, { message: REFUSALS[answer.refusal] });
  } finally {
    waiting -= 1;
  }
}

async function inThread(bytes: Buffer): Promise<Answer> {
  const worker = new Worker(new URL('./read-worker.mjs', import.meta.url), {
    workerData: {
      bytes: new Uint8Array(bytes),
      maxRows: MAX_SHEET_ROWS + 1,
      maxColumns: MAX_COLUMNS,
      maxUnpacked: MAX_UNPACKED,
    },
    resourceLimits: { maxOldGenerationSizeMb: 768 },
    // Flags of the parent, such as a test runner's, are no business of a reader.
    execArgv: [],
  });
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    return await new Promise<Answer>((done) => {
      const broken = () => {
        done({ refusal: 'broken' });
      };
      worker.once('message', done);
      // Out of memory, too, arrives here.
      worker.once('error', broken);
      worker.once('exit', broken);
      deadline.addEventListener('abort', broken, { once: true });
    });
  } finally {
    await worker.terminate();
  }
}
