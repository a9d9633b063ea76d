/** Sheets. Every cell is text or a number, never a formula (invariants.md section 4, row 20). */
import type { Writable } from 'node:stream';
import writeSheets, { type Cell, type SheetData } from 'write-excel-file/node';
import { send, ticked, type Occasion } from '../render.js';
import type { Transcript } from '../transcript.js';
import { clean, factsOf, momentOf, nameOf, ROLE, STATUS, TYPE, watermarkOf, wordsOf } from '../words.js';

/** Longest text that a cell takes. */
const MAX_CELL = 32_767;

/**
 * A spreadsheet that reads the file again, or a person who types the cell anew, would run what begins like this; the
 * apostrophe is the spreadsheets' own way to say that it is text.
 */
export function inert(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}

const words = (text: string, more: object = {}): Cell => ({
  value: inert(clean(text)).slice(0, MAX_CELL),
  type: String,
  ...more,
});
const head = (text: string): Cell => words(text, { fontWeight: 'bold', backgroundColor: '#eef2f5' });
const WRAP = { wrap: true, alignVertical: 'top' as const };

async function write(
  sheets: Parameters<typeof writeSheets>[0],
  out: Writable,
  signal: AbortSignal,
): Promise<void> {
  await send(out, await writeSheets(sheets as never).toBuffer(), signal);
}

export async function renderXlsx(transcript: Transcript, out: Writable, occasion: Occasion): Promise<void> {
  const facts: SheetData = [
    ...factsOf(transcript).map(([label, value]) => [head(label), words(value, WRAP)]),
    [head('导出'), words(watermarkOf(occasion.by, occasion.at))],
  ];
  const rows: SheetData = [['序号', '时间', '发送者', '身份', '类型', '内容'].map(head)];
  for await (const line of ticked(transcript, occasion)) {
    rows.push([
      { value: line.seq, type: Number },
      words(momentOf(line.time)),
      words(line.kind === 'system' ? '系统' : nameOf(line.sender)),
      words(ROLE[line.sender.type]),
      words(line.kind),
      words(wordsOf(line), WRAP),
    ]);
  }
  await write(
    [
      { data: facts, sheet: '会谈', columns: [{ width: 14 }, { width: 60 }] },
      {
        data: rows,
        sheet: '消息',
        columns: [{ width: 8 }, { width: 21 }, { width: 16 }, { width: 10 }, { width: 10 }, { width: 90 }],
        stickyRowsCount: 1,
      },
    ] as never,
    out,
    occasion.signal,
  );
}

/** What the index of a batch says of one conversation. */
export interface IndexRow {
  id: string;
  institutionName: string;
  type: Transcript['type'];
  status: Transcript['status'];
  visitors: string;
  counselors: string;
  createdTime: number;
  startTime: number | null;
  endTime: number | null;
  duration: number | null;
  count: number;
  file: string;
}

export function indexRowOf(transcript: Transcript, file: string): IndexRow {
  const { id, institutionName, type, status, createdTime, startTime, endTime, duration, count } = transcript;
  const named = (role: string) =>
    transcript.participants
      .filter((person) => person.role === role)
      .map((person) => person.name ?? '')
      .join('、');
  const people = { visitors: named('VISITOR'), counselors: named('COUNSELOR') };
  return {
    id,
    institutionName,
    type,
    status,
    ...people,
    createdTime,
    startTime,
    endTime,
    duration,
    count,
    file,
  };
}

/** What is in a batch, one conversation a row. */
export async function renderIndex(list: IndexRow[], out: Writable, occasion: Occasion): Promise<void> {
  const rows: SheetData = [
    [words(watermarkOf(occasion.by, occasion.at))],
    [
      '编号',
      '机构',
      '类型',
      '状态',
      '访客',
      '咨询师',
      '创建时间',
      '开始时间',
      '结束时间',
      '时长（秒）',
      '消息数',
      '文件',
    ].map(head),
    ...list.map((row) => {
      const moment = (time: number | null) => words(time === null ? '' : momentOf(time));
      return [
        words(row.id),
        words(row.institutionName),
        words(TYPE[row.type]),
        words(STATUS[row.status]),
        words(row.visitors),
        words(row.counselors),
        moment(row.createdTime),
        moment(row.startTime),
        moment(row.endTime),
        row.duration === null ? null : { value: row.duration, type: Number },
        { value: row.count, type: Number },
        words(row.file),
      ];
    }),
  ];
  await write(
    [
      {
        data: rows,
        sheet: '目录',
        columns: [26, 18, 12, 10, 14, 14, 21, 21, 21, 12, 10, 44].map((width) => ({ width })),
      },
    ] as never,
    out,
    occasion.signal,
  );
}
