/** Workbooks as people upload them, in both formats. */
import * as xlsx from '@e965/xlsx';

export const HEAD = [
  '姓名',
  '年级',
  '班级',
  '学校',
  '访谈次数',
  '访谈状态',
  '访谈类型',
  '医生评定',
  '后续计划',
];

export function workbook(rows: unknown[][], format: 'xlsx' | 'xls' | 'csv' = 'xlsx'): Buffer {
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows, { UTC: true }), '表');
  const bookType = format === 'xls' ? 'biff8' : format;
  return xlsx.write(book, { type: 'buffer', bookType }) as Buffer;
}
