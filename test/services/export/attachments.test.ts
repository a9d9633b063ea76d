/** Exports of what is more than words: pictures on paper, files in the zip, and all of it proved. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { UploadAttachment } from '../../../contract/attachment.js';
import { uploadAttachment } from '../../../services/files/attachment.js';
import { exportFolder } from '../../../services/export/folder.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { verifyZip } from '../../../services/seal/verify-zip.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { authenticatedActor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { exported, talk, type Talk } from './scene.js';

let hotline: Hotline;
let admin: Person;
let first: Talk;
let second: Talk;
beforeAll(async () => {
  hotline = await startHotline();
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
  first = await talk(hotline, ['看看我的画', '好的'], { open: true });
  second = await talk(hotline, ['你好', '你好']);
  await carry(first, { id: first.id, kind: 'image' }, '画.png', await picture());
  await carry(
    first,
    { id: first.id, kind: 'voice', seconds: 65 },
    'v',
    Buffer.concat([Buffer.from('OggS'), Buffer.alloc(9_000, 3)]),
  );
  await carry(first, { id: first.id, kind: 'file' }, '作业.txt', Buffer.from('今天的作业'.repeat(200)));
});
afterAll(() => hotline.stop());

const picture = () =>
  sharp({ create: { width: 640, height: 480, channels: 3, background: '#3377aa' } })
    .png()
    .toBuffer();

async function carry(to: Talk, input: UploadAttachment, name: string, bytes: Buffer): Promise<void> {
  const { ctx } = hotline.node;
  const actor = await authenticatedActor(ctx, to.visitor.token);
  const { id } = await uploadAttachment(ctx, actor, input, { name, bytes });
  const said = { conversationId: to.id, clientMsgId: `f-${input.kind}`, kind: input.kind, attachment: id };
  await acceptMessage(ctx, actor, { ...said, quote: 2 });
}

function saved(bytes: Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'hotline-files-')), 'batch.zip');
  writeFileSync(path, bytes);
  return path;
}
const batch = (query: string) =>
  exported(hotline, admin.token, `/conversation/batchexport?${query}`, [first.id, second.id]);

test('a PDF and a document hold the picture; a voice note and a file are lines', async () => {
  const one = (format: string) =>
    exported(hotline, admin.token, `/conversation/export/${first.id}?format=${format}`);
  const pdf = (await one('pdf')).bytes;
  expect(pdf.toString('latin1')).toMatch(/\/Subtype \/Image[\s\S]*\/Filter \/DCTDecode/);
  const { bytes: docx } = await one('docx');
  expect(docx.toString('latin1')).toMatch(/word\/media\/[^/]+\.jpg/);
  const txt = (await one('txt')).bytes.toString();
  expect(txt).toContain('〔回复#2〕〔图片〕');
  expect(txt).toContain('〔语音 1:05〕');
  expect(txt).toContain('〔文件〕作业.txt（3 KB）');
});

test('a batch carries the files, each proved by its message; one altered byte in one of them is located', async () => {
  const { bytes } = await batch('format=json');
  const path = saved(bytes);
  expect((await verifyZip(path)).faults).toEqual([]);
  const names = [
    ...bytes.toString('latin1').matchAll(/attachments\/0001-[0-9a-f]{24}\/(\d+\.(?:webp|ogg|txt))/g),
  ];
  expect(new Set(names.map(([, name]) => name))).toEqual(new Set(['4.webp', '5.ogg', '6.txt']));
  const altered = Buffer.from(bytes);
  const inside = altered.indexOf(Buffer.alloc(500, 3));
  expect(inside).toBeGreaterThan(0);
  altered[inside + 100] = 4;
  const [fault, ...others] = (await verifyZip(saved(altered))).faults;
  expect(others.every(({ what }) => what.includes('/5.ogg'))).toBe(true);
  expect(fault?.what).toContain('/5.ogg');
  expect(fault!.from <= inside + 100 && inside + 100 < fault!.to).toBe(true);
});

test('a redacted batch has neither pictures nor names of files, and verifies too', async () => {
  const { bytes } = await batch('format=json&redact=1');
  expect(bytes.toString('latin1')).not.toContain('attachments/');
  const verdict = await verifyZip(saved(bytes));
  expect(verdict.faults).toEqual([]);
  expect(verdict.shown).toBeLessThan(verdict.messages);
});

test('what dead tries left goes once the export is over; what is fetched stays', async () => {
  const { task } = await exported(hotline, admin.token, `/conversation/export/${first.id}?format=txt`);
  const folder = exportFolder(hotline.node.ctx);
  const own = () => readdirSync(folder).filter((name) => name.startsWith(task.id));
  const kept = own();
  // As if its worker had died between finishing and clearing up.
  for (const name of ['1.txt.part', 'c0.part', 'c3.part.2.document'])
    writeFileSync(join(folder, `${task.id}.${name}`), 'left');
  const { ExportTask } = hotline.node.ctx.models;
  await ExportTask.updateOne({ _id: task.id }, { $set: { untidy: true } });
  await until(() => own().length === kept.length, 'what was left is gone', 60_000);
  expect(own()).toEqual(kept);
  await until(async () => !(await ExportTask.findById(task.id).lean())?.untidy, 'noted as tidy', 60_000);
});
