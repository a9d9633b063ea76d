/**
 * `node scripts/make-sheet-fixtures.mjs <访谈记录模板.xlsx> <排班模板.xlsx>`: fills the system's own blank sheets by
 * LibreOffice and keeps what it writes, .xlsx and legacy .xls, under test/fixtures. Run once by hand where
 * LibreOffice Calc is installed (Debian: libreoffice-calc); the fixtures are committed, CI needs none of it.
 * The blank sheets are what POST /api/consultant/interview/download answers for these two names.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../test/fixtures', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sheet-fixtures-'));
const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;

function convert(file, to) {
  execFileSync('soffice', [profile, '--headless', '--convert-to', to, '--outdir', folder, file]);
  return join(folder, `${basename(file).replace(/\.\w+$/, '')}.${to.split(':')[0]}`);
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
/** A cell of a flat OpenDocument sheet: text, {number} or {day}. */
function cell(value) {
  if (value.number !== undefined)
    return `<table:table-cell office:value-type="float" office:value="${value.number}"/>`;
  if (value.day)
    return `<table:table-cell office:value-type="date" office:date-value="${value.day}"><text:p>${value.day}</text:p></table:table-cell>`;
  const lines = value.split('\n').map((line) => `<text:p>${escaped(line)}</text:p>`);
  return `<table:table-cell office:value-type="string">${lines.join('')}</table:table-cell>`;
}
const row = (cells) => `<table:table-row>${cells.map(cell).join('')}</table:table-row>`;

function make(template, name, rows) {
  copyFileSync(template, join(folder, `${name}.xlsx`));
  const flat = convert(join(folder, `${name}.xlsx`), 'fods');
  const text = readFileSync(flat, 'utf8');
  const end = text.indexOf('</table:table>');
  if (end < 0) throw new Error(`no table in ${template}`);
  writeFileSync(flat, text.slice(0, end) + rows.map(row).join('') + text.slice(end));
  mkdirSync(fixtures, { recursive: true });
  for (const to of ['xlsx:Calc MS Excel 2007 XML', 'xls:MS Excel 97'])
    copyFileSync(convert(flat, to), join(fixtures, `${name}.${to.split(':')[0]}`));
}

const [records, schedule] = process.argv.slice(2);
if (!records || !schedule) throw new Error('say where the two blank sheets are');
try {
  make(records, 'records-libreoffice', [
    ['王一', '高一', '2班', '第一中学', { number: 1 }, '已完成', '初访', '情绪平稳', '两周后复访'],
    ['李二', '高二', '', '第二中学', { number: 12 }, '进行中', '', '第一行\n第二行 <b>&', ''],
    ['=1+1', '', '', '', '第3次', '', '', '😀 表情', ''],
  ]);
  make(schedule, 'schedule-libreoffice', [
    [{ day: '2033-05-01' }, '09:00-10:00、14:00-15:30'],
    ['2033-05-02', '9:00-12:00'],
    ['2033/5/3', '23:00-24:00'],
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
