/** What an uploaded office file is, by its content and never by its name alone. */
export type DocumentKind = 'xls' | 'xlsx' | 'doc' | 'docx' | 'pdf';

const OLE = 'd0cf11e0a1b11ae1';
const ZIP = '504b0304';
/** Directory entries of an OLE file are named in UTF-16. */
const wide = (text: string) => Buffer.from(text, 'utf16le');

/** null for anything else, files with macros among them. */
export function kindOf(bytes: Buffer): DocumentKind | null {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return 'pdf';
  const hex = bytes.subarray(0, 8).toString('hex');
  if (hex === OLE) {
    if (bytes.includes(wide('WordDocument'))) return 'doc';
    return bytes.includes(wide('Workbook')) || bytes.includes(wide('Book')) ? 'xls' : null;
  }
  if (!hex.startsWith(ZIP) || bytes.includes('vbaProject.bin')) return null;
  if (bytes.includes('xl/workbook')) return 'xlsx';
  return bytes.includes('word/document') ? 'docx' : null;
}

/** The extension in small letters, without the dot. */
export const extensionOf = (name: string): string =>
  /\.([A-Za-z]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';

export const CONTENT_TYPES: Record<DocumentKind, string> = {
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
};
