/** Workbooks as people upload them, in both formats. */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as xlsx from '@e965/xlsx';
import { ZipArchive } from 'archiver';

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

/** A file that LibreOffice wrote (scripts/make-sheet-fixtures.mjs). */
export const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)));

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/**
 * A workbook as Excel itself packs one: shared strings with phonetic guides and rich runs, numbers and dates by style,
 * a hidden sheet in front, absolute targets, extension namespaces, a whole formatted column down to the last row.
 * @param rows text, or a number; { date } is a serial number in style 14 (a date)
 */
export async function excelish(rows: (string | number | { date: number })[][]): Promise<Buffer> {
  const strings: string[] = [];
  const letter = (column: number) => String.fromCharCode(65 + column);
  const cell = (value: string | number | { date: number }, row: number, column: number) => {
    const at = `r="${letter(column)}${String(row + 1)}"`;
    if (typeof value === 'number') return `<c ${at}><v>${String(value)}</v></c>`;
    if (typeof value === 'object') return `<c ${at} s="1"><v>${String(value.date)}</v></c>`;
    strings.push(value);
    return `<c ${at} t="s"><v>${String(strings.length - 1)}</v></c>`;
  };
  const body = rows
    .map(
      (each, row) =>
        `<row r="${String(row + 1)}" spans="1:${String(each.length)}" x14ac:dyDescent="0.15">${each.map((value, column) => cell(value, row, column)).join('')}</row>`,
    )
    .join('');
  const shared = strings.map((text) =>
    text.length > 1
      ? `<si><r><rPr><b/></rPr><t xml:space="preserve">${text.slice(0, 1)}</t></r><r><t>${text.slice(1)}</t></r><rPh sb="0" eb="1"><t>pin</t></rPh><phoneticPr fontId="1"/></si>`
      : `<si><t>${text}</t><phoneticPr fontId="1" type="noConversion"/></si>`,
  );
  const type = (part: string, kind: string) =>
    `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  const entries: Record<string, string> = {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('/xl/workbook.xml', 'sheet.main')}${type('/xl/worksheets/sheet1.xml', 'worksheet')}${type('/xl/worksheets/sheet2.xml', 'worksheet')}${type('/xl/styles.xml', 'styles')}${type('/xl/sharedStrings.xml', 'sharedStrings')}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="27029"/><workbookPr defaultThemeVersion="166925"/><sheets><sheet name="说明" sheetId="2" state="hidden" r:id="rId1"/><sheet name="Sheet1" sheetId="1" r:id="rId2"/></sheets><calcPr calcId="181029"/></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="rId4" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>请看下一页</t></is></c></row></sheetData></worksheet>`,
    'xl/worksheets/sheet2.xml': `${XML}<worksheet xmlns="${MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1:I1048576"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="13.5" x14ac:dyDescent="0.15"/><cols><col min="1" max="9" width="18" customWidth="1"/></cols><sheetData>${body}<row r="1048576" x14ac:dyDescent="0.15"><c r="A1048576" s="1"/></row></sheetData><phoneticPr fontId="1" type="noConversion"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`,
    'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><sz val="9"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${XML}<sst xmlns="${MAIN}" count="${String(strings.length)}" uniqueCount="${String(strings.length)}">${shared.join('')}</sst>`,
  };
  const archive = new ZipArchive({ zlib: { level: 6 } });
  for (const [name, text] of Object.entries(entries)) archive.append(text, { name });
  const [bytes] = await Promise.all([buffer(archive), archive.finalize()]);
  return bytes;
}
