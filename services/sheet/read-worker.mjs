/**
 * Reads the first visible sheet of a workbook (.xls or .xlsx) in a thread of its own: parsing takes as long as it
 * takes, and the event loop that carries conversations goes on.
 * In: workerData {bytes: Uint8Array, maxRows, maxColumns, maxUnpacked}.
 * Out: {rows: string[][]}, the index being the sheet's own row; or {refusal: 'broken'|'unpacked'|'rows'|'columns'|'empty'}.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import * as xlsx from '@e965/xlsx';

const { maxRows, maxColumns, maxUnpacked } = workerData;
const bytes = Buffer.from(workerData.bytes);
const ZIP = 0x04034b50;

/** Unpacks every entry under a limit first: what the entries say of their own size cannot be trusted. */
function unpacksWithin(limit) {
  let left = limit;
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Error('no directory');
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = bytes.readUInt16LE(end + 10); entry > 0; entry -= 1) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('broken directory');
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const header = bytes.readUInt32LE(at + 42);
    const data = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    if (method === 8) {
      try {
        left -= inflateRawSync(bytes.subarray(data, data + packed), {
          maxOutputLength: Math.max(1, left),
        }).length;
      } catch (error) {
        if (error.code === 'ERR_BUFFER_TOO_LARGE') return false;
        throw error;
      }
    } else left -= packed;
    if (left < 0) return false;
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return true;
}

/** As a person reads the cell: dates and times in one spelling, numbers without their format, text as it is. */
function textOf(cell, date1904) {
  if (!cell || cell.v === undefined || cell.v === null) return '';
  if (cell.t === 'n') {
    if (typeof cell.z !== 'string' || !xlsx.SSF.is_date(cell.z)) return String(cell.v);
    const format = cell.v < 1 ? 'hh:mm' : Number.isInteger(cell.v) ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm';
    return xlsx.SSF.format(format, cell.v, { date1904 });
  }
  if (cell.t === 'b') return cell.v ? '是' : '否';
  if (cell.t === 'e') return String(cell.w ?? '#N/A');
  return String(cell.v);
}

function read() {
  if (bytes.readUInt32LE(0) === ZIP && !unpacksWithin(maxUnpacked)) return { refusal: 'unpacked' };
  const book = xlsx.read(bytes, {
    type: 'buffer',
    dense: true,
    cellNF: true,
    cellFormula: false,
    cellHTML: false,
    // Nobody reads the formatted text: half of the time went into it.
    cellText: false,
    sheetRows: maxRows + 1,
  });
  const hidden = book.Workbook?.Sheets ?? [];
  const index = book.SheetNames.findIndex((_name, each) => !hidden[each]?.Hidden);
  const sheet = book.Sheets[book.SheetNames[Math.max(0, index)]];
  if (!sheet?.['!ref']) return { refusal: 'empty' };
  const range = xlsx.utils.decode_range(sheet['!fullref'] ?? sheet['!ref']);
  const data = sheet['!data'] ?? [];
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  const rows = Array.from({ length: data.length }, (_, row) =>
    Array.from(data[row] ?? [], (cell) => textOf(cell, date1904)),
  );
  while (rows.length > 0 && rows.at(-1).every((text) => text.trim() === '')) rows.pop();
  // Whole columns that were only formatted reach down to the last row: rows with nothing in them don't count.
  if (rows.length > maxRows || (range.e.r >= maxRows && data.length > maxRows && rows.length === maxRows + 1))
    return { refusal: 'rows' };
  if (rows.some((row) => row.length > maxColumns && row.slice(maxColumns).some((text) => text.trim() !== '')))
    return { refusal: 'columns' };
  return rows.length === 0 ? { refusal: 'empty' } : { rows: rows.map((row) => row.slice(0, maxColumns)) };
}

let answer;
try {
  // Only the legacy format has code pages; their tables take as long to load as a small sheet to read.
  if (bytes.readUInt32LE(0) !== ZIP) xlsx.set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'));
  answer = read();
} catch {
  answer = { refusal: 'broken' };
}
parentPort.postMessage(answer);
