/** A sealed export proves itself: one altered byte anywhere is found and located. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makePerson, type Person } from '../../support/factories.js';
import { verifyDocument } from '../../../services/seal/verify-document.js';
import { verifyZip } from '../../../services/seal/verify-zip.js';
import { retireSealKey } from '../../../services/seal/signing.js';
import { recallMessage } from '../../../services/message/recall.js';
import { authenticatedActor } from '../../support/factories.js';
import { exported, fetchBytes, talk } from './scene.js';

let hotline: Hotline;
let admin: Person;
const folder = mkdtempSync(join(tmpdir(), 'hotline-verify-'));
beforeAll(async () => {
  hotline = await startHotline();
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(() => hotline.stop());

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
/** Places that are spread, and every kind of place: begin, end, and steps that no structure has. */
function places(size: number, count: number): number[] {
  const step = Math.max(1, Math.floor(size / count));
  return [
    ...new Set([0, 1, size - 1, size - 2, ...Array.from({ length: count }, (_, index) => index * step)]),
  ];
}
async function zipVerdict(bytes: Buffer) {
  const path = join(folder, 'checked.zip');
  writeFileSync(path, bytes);
  return verifyZip(path);
}

test('a json export is whole, and every flipped byte is found in its own line', async () => {
  const { id, visitor } = await talk(hotline, ['我叫张小雨，电话13812345678', '记下了', '谢谢', '嗯'], {
    open: true,
  });
  const said = await hotline.node.ctx.models.Message.findOne({ conversation: id, seq: 4 }).lean().orFail();
  await recallMessage(
    hotline.node.ctx,
    await authenticatedActor(hotline.node.ctx, visitor.token),
    said._id.toHexString(),
  );
  const { bytes } = await exported(hotline, admin.token, `/conversation/export/${id}?format=json`);
  const whole = verifyDocument(bytes);
  expect(whole.faults).toEqual([]);
  expect(whole).toMatchObject({ messages: 6, shown: 5 });
  const recalled = (whole.content?.['messages'] as { seq: number; state: string; salt?: string }[])[3];
  expect(recalled).toMatchObject({ seq: 4, state: 'recalled' });
  expect(recalled?.salt).toBeUndefined();
  const keys = (await http(hotline.node.url, 'GET', '/api/v1/seal-keys')).body.result as {
    publicKey: string;
  }[];
  expect(keys.map((key) => key.publicKey)).toEqual([whole.key?.publicKey]);

  for (const at of places(bytes.length, 400)) {
    const { faults } = verifyDocument(flipped(bytes, at));
    expect([at, faults.length > 0]).toEqual([at, true]);
    // The line it is in is among the faults; what it breaks besides may be told too.
    const line = { from: at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1, to: bytes.indexOf(10, at) };
    expect([
      at,
      faults.some((each) => each.from <= at && at <= each.to && each.from >= line.from - 1),
    ]).toEqual([at, true]);
  }
});

test('words that were changed are told by the message they are in, besides by their line', async () => {
  const { id } = await talk(hotline, ['一', '二', '三']);
  const { bytes } = await exported(hotline, admin.token, `/conversation/export/${id}?format=json`);
  const forged = Buffer.from(bytes.toString().replace('"text":"二"', '"text":"两"'));
  const { faults } = verifyDocument(forged);
  expect(faults.map((each) => each.what)).toEqual(
    expect.arrayContaining([expect.stringContaining('第3条消息：内容与当时的摘要不一致')]),
  );
});

test('a redacted copy shows no phone, ID number or name, and verifies', async () => {
  const names: [string, string] = ['欧阳晓晓', '林晓梅'];
  const { id } = await talk(
    hotline,
    [
      '我叫欧阳晓晓，手机是138-1234-5678，微信ouyang_x@qq.com',
      '好的',
      '身份证11010519491231002X，座机（021）62345678，林晓梅老师在吗？',
      '没有可遮的',
      '电话是一三八一二三四五六七八，全角１３８１２３４５６７８',
    ],
    { names },
  );
  const { bytes } = await exported(hotline, admin.token, `/conversation/export/${id}?format=json&redact=1`);
  const verdict = verifyDocument(bytes);
  expect(verdict.faults).toEqual([]);
  const text = bytes.toString();
  for (const secret of [
    ...names,
    '138-1234',
    '1234-5678',
    '11010519491231002',
    'ouyang_x',
    '62345678',
    '一三八一二',
    '１３８１',
  ])
    expect([secret, text.includes(secret)]).toEqual([secret, false]);
  const states = (verdict.content?.['messages'] as { state: string }[]).map((message) => message.state);
  // 1 is the counselor's arrival, whose name is masked too.
  expect(states).toEqual(['masked', 'masked', 'shown', 'masked', 'shown', 'masked', 'shown']);
});

test('a batch is one zip that verifies; a flipped byte in it is found and located', async () => {
  const talks = await Promise.all(['甲', '乙', '丙'].map((word) => talk(hotline, [word, `${word}的回答`])));
  const { task, bytes } = await exported(
    hotline,
    admin.token,
    '/conversation/batchexport?format=txt',
    talks.map((each) => each.id),
  );
  expect(task).toMatchObject({ batch: true, conversations: 3, file: { messages: 12 } });
  const whole = await zipVerdict(bytes);
  expect(whole.faults).toEqual([]);
  expect(whole).toMatchObject({ messages: 12, shown: 12 });
  const names = (whole.content?.['entries'] as { name: string }[]).map((entry) => entry.name);
  expect(names).toEqual([
    ...talks.flatMap(({ id }, index) => [
      `documents/000${String(index + 1)}-${id}.txt`,
      `proofs/000${String(index + 1)}-${id}.json`,
    ]),
    'index.xlsx',
  ]);
  // Every byte of a local header and of a record of the directory, too: these say where things are.
  const structure = [0x04034b50, 0x02014b50].flatMap((mark) => {
    const sign = Buffer.alloc(4);
    sign.writeUInt32LE(mark);
    const begin = bytes.indexOf(sign, 1);
    return Array.from({ length: 60 }, (_, offset) => begin + offset);
  });
  for (const at of [...structure, ...places(bytes.length, 150)]) {
    const { faults } = await zipVerdict(flipped(bytes, at));
    expect([at, faults.some((each) => each.from <= at && at < each.to)]).toEqual([at, true]);
  }
});

test('a retired key still proves what it signed, and its successor is listed beside it', async () => {
  const { id } = await talk(hotline, ['一']);
  const first = await exported(hotline, admin.token, `/conversation/export/${id}?format=json`);
  await retireSealKey(hotline.node.ctx);
  const second = await exported(hotline, admin.token, `/conversation/export/${id}?format=json`);
  const keys = (await http(hotline.node.url, 'GET', '/api/v1/seal-keys')).body.result as {
    publicKey: string;
    retiredTime: number | null;
  }[];
  const used = [first, second].map(({ bytes }) => verifyDocument(bytes).key?.publicKey);
  expect(keys.map((key) => key.publicKey)).toEqual(used);
  expect(keys.map((key) => key.retiredTime === null)).toEqual([false, true]);
});

test.each(['pdf', 'docx', 'xlsx'])('a %s comes with a proof that names it', async (format) => {
  const { id } = await talk(hotline, ['=HYPERLINK("http://x","y")', '</w:t>&<b>\u202e倒\u0007', '𠮷😶‍🌫️']);
  const { task, bytes } = await exported(hotline, admin.token, `/conversation/export/${id}?format=${format}`);
  const proof = verifyDocument((await fetchBytes(hotline, admin.token, task.proofUrl ?? '')).bytes);
  expect(proof.faults).toEqual([]);
  expect(proof.content?.['file']).toMatchObject({ sha256: task.file?.sha256, size: bytes.length });
  const path = join(folder, `export.${format}`);
  writeFileSync(path, bytes);
  expect(readFileSync(path).subarray(0, 4).toString('latin1')).toBe(
    format === 'pdf' ? '%PDF' : 'PK\u0003\u0004',
  );
});
