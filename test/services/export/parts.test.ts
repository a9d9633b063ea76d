/** The parts of an export that need no database: what a sheet may hold, how lines break, what is masked. */
import { inflateRawSync } from 'node:zlib';
import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Ctx } from '../../../services/context.js';
import { renderDocx } from '../../../services/export/formats/docx.js';
import { renderPdf } from '../../../services/export/formats/pdf.js';
import { inert, renderXlsx } from '../../../services/export/formats/xlsx.js';
import { fontChain } from '../../../services/export/fonts.js';
import { layout, type Measure } from '../../../services/export/layout.js';
import { createMask } from '../../../services/export/redact.js';
import type { Occasion } from '../../../services/export/render.js';
import type { Line, Transcript } from '../../../services/export/transcript.js';
import { createBlockTree } from '../../../services/seal/block-tree.js';
import { startWorkers } from '../../../workers/runtime.js';
import type { Handlers } from '../../../workers/jobs/index.js';

const PAYLOADS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\u0000=1',
  '＝1+1',
  '＠x',
  '=HYPERLINK("http://evil","x")',
  "=cmd|' /C calc'!A0",
  '</w:t><w:instrText>HYPERLINK</w:instrText>',
  '</t></si><script>alert(1)</script>',
  ']]>&amp;<!--',
  '\u202e反过来\u202c',
  '\ud800半个',
  '(unbalanced \\) /JavaScript (app.alert(1))',
];

function transcript(texts: string[]): Transcript {
  const lines = texts.map((text, index): Line => ({
    id: 'c'.repeat(24),
    seq: index + 1,
    kind: 'text',
    sender: { id: 'a'.repeat(24), name: text, type: 'VISITOR' },
    time: Date.UTC(2026, 0, 1),
    state: 'shown',
    body: { text },
    raw: null,
    salt: null,
    digest: Buffer.alloc(32),
    link: Buffer.alloc(32),
  }));
  return {
    id: 'd'.repeat(24),
    type: 'COUNSELING_SESSION',
    status: 'FINISHED',
    institution: 'ecnu',
    institutionName: '测试',
    createdTime: 0,
    startTime: 0,
    endTime: 1,
    endCause: 'VISITOR_ENDED',
    duration: 1,
    open: false,
    count: lines.length,
    participants: [],
    file: () => Promise.resolve(null),
    redacted: false,
    // eslint-disable-next-line @typescript-eslint/require-await -- as the real one, which reads
    async *lines() {
      yield* lines;
    },
  };
}
const occasion: Occasion = {
  task: 'e'.repeat(24),
  by: { id: 'f'.repeat(24), name: '=王主任' },
  at: 0,
  signer: { id: '', publicKey: Buffer.alloc(32), sign: () => Buffer.alloc(64) },
  pdfFont: '',
  signal: new AbortController().signal,
  tick: () => Promise.resolve(),
};
async function bytesOf(render: typeof renderPdf, texts: string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await render(transcript(texts), out, occasion);
  return Buffer.concat(chunks);
}
/** Every part of an office file, by the local headers of its zip. */
function partsOf(zip: Buffer): string[] {
  const parts: string[] = [];
  for (let at = zip.indexOf('PK\u0001\u0002'); at !== -1; at = zip.indexOf('PK\u0001\u0002', at + 46)) {
    const header = zip.readUInt32LE(at + 42);
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    parts.push((zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed).toString());
  }
  return parts;
}

test('a sheet has no formula, and no cell begins as one', async () => {
  const parts = partsOf(await bytesOf(renderXlsx, PAYLOADS));
  expect(parts.length).toBeGreaterThan(5);
  const all = parts.join('\n');
  expect(all).not.toMatch(/<f[ >]/);
  expect(all).not.toMatch(/<t[^>]*>\s*[=+\-@＝＋－＠]/);
  expect(all).not.toMatch(/<script|<hyperlink/i);
  for (const payload of PAYLOADS.slice(0, 11)) expect(inert(payload.replace('\u0000', ''))).toMatch(/^'/);
});

test('a document has only the page numbers as fields, and nothing that people typed is markup', async () => {
  const parts = partsOf(await bytesOf(renderDocx, PAYLOADS));
  const body = parts.find((part) => part.includes('<w:body>')) ?? '';
  expect(body).toContain('反过来');
  expect(body).not.toMatch(/<w:instrText|<w:hyperlink|<script|\u202e/);
  expect(parts.join('')).not.toMatch(/vbaProject|<o:OLEObject/);
});

test('a PDF has no action, script, link or embedded file', async () => {
  const pdf = (await bytesOf(renderPdf, PAYLOADS)).toString('latin1');
  expect(pdf.startsWith('%PDF')).toBe(true);
  expect(pdf).not.toMatch(/\/(JavaScript|JS|OpenAction|AA|Launch|URI|EmbeddedFile|Annots)\b/);
});

test('lines break where Chinese and English break, and every grapheme stays whole', () => {
  const measure: Measure = {
    fontFor: (text) => (/\p{Extended_Pictographic}/u.test(text) ? 1 : 0),
    width: (text) => [...text].length,
  };
  const lines = (text: string, width: number) =>
    layout(text, width, measure).map((line) => line.map((run) => run.text).join(''));
  expect(lines('一二三四，五六', 4)).toEqual(['一二三', '四，五六']);
  expect(lines('say hello world', 8).map((line) => line.trim())).toEqual(['say', 'hello', 'world']);
  expect(lines('a\n\nb', 5)).toEqual(['a', '', 'b']);
  expect(lines('长'.repeat(10), 4)).toEqual(['长长长长', '长长长长', '长长']);
  expect(layout('好👨‍👩‍👧‍👦好', 100, measure)[0]).toEqual([
    { text: '好', font: 0 },
    { text: '👨‍👩‍👧‍👦', font: 1 },
    { text: '好', font: 0 },
  ]);
});

test('the fonts that come with the product show Chinese and emoji', () => {
  const [chinese, emoji] = fontChain('').map((load) => load());
  expect([...'心院热线，é①'].every((char) => chinese?.has(char.codePointAt(0) ?? 0))).toBe(true);
  expect([...'😢🙂❤👣'].every((char) => emoji?.has(char.codePointAt(0) ?? 0))).toBe(true);
  expect(() => fontChain('/nowhere/font.ttf')).toThrow('PDF_FONT');
});

test('a font is parsed once, and what one document drew is not what another one says', () => {
  const [chinese] = fontChain('').map((load) => load());
  const [first, second] = [chinese?.forDocument(), chinese?.forDocument()];
  // The radical and the word are one drawing.
  const radical = first?.glyphForCodePoint(0x2f00);
  const word = second?.glyphForCodePoint(0x4e00);
  expect(word?.id).toBe(radical?.id);
  expect([radical?.codePoints, word?.codePoints]).toEqual([[0x2f00], [0x4e00]]);
  expect(fontChain('')[0]?.()).toBe(chinese);
});

test('masking leaves what is no number and no name', () => {
  const mask = createMask(['张三', '李', null]);
  const text = (said: string) => mask({ text: said }).text;
  for (const said of ['我今年20岁，3:00还醒着', '拨打12356', '李子很甜', '一二三四'])
    expect(text(said)).toBe(said);
  expect(text('张三的电话')).toBe('〔姓名〕的电话');
  expect(text('我叫王小明。')).toBe('我叫〔姓名〕。');
  expect(mask({ event: 'assigned', data: { counselor: 'a'.repeat(24), name: '李' } }).data).toEqual({
    counselor: 'a'.repeat(24),
    name: '〔姓名〕',
  });
});

test('the block tree has at most 128 leaves, and one altered byte changes exactly one of them', () => {
  for (const size of [0, 1, 4096, 4097, 128 * 4096, 128 * 4096 + 1, 3_000_000]) {
    const bytes = Buffer.alloc(size, 7);
    const tree = (content: Buffer, step: number) => {
      const made = createBlockTree();
      for (let from = 0; from < size; from += step) made.update(content.subarray(from, from + step));
      return made.end();
    };
    const whole = tree(bytes, 65_536);
    expect(whole.leaves.length).toBeLessThanOrEqual(128);
    expect(tree(bytes, 1_000)).toEqual(whole);
    if (size === 0) continue;
    const at = Math.floor(size * 0.7);
    bytes[at] = 8;
    const changed = tree(bytes, 65_536).leaves.flatMap((leaf, index) =>
      leaf === whole.leaves[index] ? [] : [index],
    );
    expect(changed).toEqual([Math.floor(at / whole.leafSize)]);
  }
});

test('a job without a handler stops the boot', () => {
  const { deadline } = { deadline: { concurrency: () => 1, run: () => Promise.resolve() } };
  expect(() => startWorkers({} as Ctx, { deadline } as unknown as Handlers)).toThrow(
    'no handler for the job "export"',
  );
});
