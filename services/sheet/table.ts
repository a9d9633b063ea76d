/** A sheet as a table: a head that names columns in any order, and rows that are all good or all refused. */
import type { z } from 'zod';
import { AppError } from '../../platform/errors.js';

/** Key of a column to its heads; the first is how errors call it. */
export type Columns<Key extends string> = Record<Key, readonly [string, ...string[]]>;

export interface TableRow<Key extends string> {
  /** As the spreadsheet numbers it. */
  line: number;
  cells: Record<Key, string>;
}

export interface CellError {
  line: number;
  column: string;
  message: string;
}

/** How many errors the sentence itself lists; `details` has more. */
const TOLD = 10;
const DETAILED = 200;

/** @throws AppError BAD_INPUT when the head lacks a column or names one twice, or nothing is below it */
export function tableOf<Key extends string>(
  rows: readonly string[][],
  columns: Columns<Key>,
): TableRow<Key>[] {
  const keys = Object.keys(columns) as Key[];
  const top = rows.findIndex((row) => row.some((text) => text.trim() !== ''));
  const head = (rows[top] ?? []).map((text) => text.replace(/[\s*＊]/g, '').toLowerCase());
  const places = keys.map((key) => ({
    key,
    found: head.flatMap((text, index) => (columns[key].includes(text) ? [index] : [])),
  }));
  const labels = (some: typeof places) => some.map(({ key }) => columns[key][0]).join('、');
  const missing = places.filter(({ found }) => found.length === 0);
  if (missing.length > 0)
    throw new AppError('BAD_INPUT', { message: `第一行缺少列：${labels(missing)}。请使用系统提供的模板。` });
  const twice = places.filter(({ found }) => found.length > 1);
  if (twice.length > 0) throw new AppError('BAD_INPUT', { message: `第一行有重复的列：${labels(twice)}。` });
  const table = rows.slice(top + 1).flatMap((row, index): TableRow<Key>[] => {
    const cells = places.map(({ key, found }) => [key, (row[found[0] ?? -1] ?? '').trim()] as const);
    if (cells.every(([, text]) => text === '')) return [];
    return [{ line: top + index + 2, cells: Object.fromEntries(cells) as Record<Key, string> }];
  });
  if (table.length === 0) throw new AppError('BAD_INPUT', { message: '表格里没有数据，请填写后上传。' });
  return table;
}

/** @throws AppError BAD_INPUT that names rows and columns, when there is any error */
export function refuse(errors: readonly CellError[]): void {
  if (errors.length === 0) return;
  const told = errors
    .slice(0, TOLD)
    .map(({ line, column, message }) => `第${String(line)}行“${column}”：${message}`);
  const more = errors.length > TOLD ? `；等共${String(errors.length)}处` : '';
  throw new AppError('BAD_INPUT', {
    message: `未导入任何数据，请改正后重新上传：${told.join('；')}${more}。`,
    fields: errors
      .slice(0, DETAILED)
      .map(({ line, column, message }) => ({ path: `第${String(line)}行 ${column}`, message })),
  });
}

/** What zod says of a cell, in words for who filled it in. */
export function cellMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big') return `不能超过${String(issue.maximum)}个字`;
  return /[\u4e00-\u9fff]/.test(issue.message) ? issue.message : '内容不正确';
}
