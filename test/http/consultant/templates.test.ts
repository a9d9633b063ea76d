/** Second document, 模板文件: shared in the institution, one as it is, several as a zip; and the round trip. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as xlsx from '@e965/xlsx';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask } from './client.js';
import { HEAD, workbook } from './sheets.js';

let hotline: Hotline;
let me: Person;
let colleague: Person;
let stranger: Person;
beforeAll(async () => {
  hotline = await startHotline();
  me = await makeCounselor(hotline.node.ctx);
  colleague = await makeCounselor(hotline.node.ctx);
  stranger = await makeCounselor(hotline.node.ctx, 5, { institution: 'other' });
});
afterAll(() => hotline.stop());

const base = '/api/consultant/interview';
const send = (who: Person, path: string, name: string, bytes: Buffer) => {
  const form = new FormData();
  form.set('token', who.token);
  form.set('files', new Blob([new Uint8Array(bytes)]), name);
  return ask(hotline.node.url, `${base}/${path}`, form);
};
const list = async (who: Person) =>
  (await ask(hotline.node.url, `${base}/template/list`, { token: who.token })).body.data as {
    fileName: string;
    fileSize: string;
  }[];
const download = (who: Person, fileNames: unknown) =>
  fetch(`${hotline.node.url}${base}/download`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: who.token, fileNames }),
  });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

test('the blank sheet is downloaded, filled and uploaded again', async () => {
  const names = (await list(me)).map(({ fileName }) => fileName);
  expect(names).toEqual(['访谈记录模板.xlsx', '排班模板.xlsx']);
  expect((await list(me))[0]!.fileSize).toMatch(/^\d+\.\d KB$/);
  const answer = await download(me, ['访谈记录模板.xlsx']);
  expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('访谈记录模板.xlsx'));
  const book = xlsx.read(await bytesOf(answer));
  const sheet = book.Sheets[book.SheetNames[0]!]!;
  expect(xlsx.utils.sheet_to_json(sheet, { header: 1 })).toEqual([HEAD]);
  xlsx.utils.sheet_add_aoa(sheet, [['孙一', '高三', '', '', 2, '', '', '', '']], { origin: 'A2' });
  const filled = xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  expect((await send(me, 'upload/records', '填好.xlsx', filled)).body).toEqual({ code: 0, message: 'OK' });
});

test('shared in the institution, replaced by its owner only, several as a zip', async () => {
  const bytes = workbook([['表']], 'xls');
  expect((await send(me, 'upload/template', '量表.xls', bytes)).body).toEqual({ code: 0, message: 'OK' });
  expect((await send(me, 'upload/template', '量表.xls', bytes)).body.code).toBe(0);
  expect((await send(colleague, 'upload/template', '量表.xls', bytes)).body.code).toBe(409);
  expect((await send(me, 'upload/template', '排班模板.xlsx', workbook([['x']]))).body.code).toBe(409);
  expect(await list(colleague)).toHaveLength(3);
  expect(await list(stranger)).toHaveLength(2);
  expect((await bytesOf(await download(colleague, ['量表.xls']))).equals(bytes)).toBe(true);
  const zip = await download(colleague, ['量表.xls', '排班模板.xlsx', '量表.xls']);
  expect(zip.headers.get('content-type')).toBe('application/zip');
  // The library's container reader has no types of its own.
  const { read } = xlsx.CFB as { read: (bytes: Buffer, how: { type: 'buffer' }) => { FullPaths: string[] } };
  const entries = read(await bytesOf(zip), { type: 'buffer' });
  expect(entries.FullPaths.filter((path) => /\.xlsx?$/.test(path))).toHaveLength(2);
});

test('other kinds, path tricks and unknown names are refused in words', async () => {
  const bytes = workbook([['表']]);
  for (const name of ['a.xls', 'a.exe', '.xlsx', 'a\u202e.xlsx'])
    expect([name, (await send(me, 'upload/template', name, bytes)).body.code]).toEqual([name, 400]);
  expect((await send(me, 'upload/template', 'a.pdf', Buffer.from('MZ'))).body.code).toBe(400);
  for (const [names, code] of [
    [['../../etc/passwd'], 404],
    [['量表.xls', 'nothing.xls'], 404],
    [[], 400],
    [[{ $ne: '' }], 400],
  ] as const) {
    const answer = await download(me, names);
    expect([names, answer.status, ((await answer.json()) as { code: number }).code]).toEqual([
      names,
      200,
      code,
    ]);
  }
  expect(((await (await download(stranger, ['量表.xls'])).json()) as { code: number }).code).toBe(404);
});
