/** The blank sheets that the system itself offers for upload/records and schedule/upload. */
import writeSheet, { type SheetData } from 'write-excel-file/node';
import { SCHEDULE_COLUMNS } from '../schedule/upload.js';
import { RECORD_COLUMNS } from './upload.js';

const BLANKS: Record<string, string[]> = {
  '访谈记录模板.xlsx': Object.values(RECORD_COLUMNS).map(([head]) => head),
  '排班模板.xlsx': Object.values(SCHEDULE_COLUMNS).map(([head]) => head),
};

export const BLANK_NAMES = Object.keys(BLANKS);

/** null for a name that is none of ours. */
export async function blankSheet(name: string): Promise<Buffer | null> {
  const heads = Object.hasOwn(BLANKS, name) ? BLANKS[name] : undefined;
  if (!heads) return null;
  const data: SheetData = [heads.map((value) => ({ value, type: String, fontWeight: 'bold' }))];
  return writeSheet([{ data, sheet: '模板', columns: heads.map(() => ({ width: 18 })) }] as never).toBuffer();
}
