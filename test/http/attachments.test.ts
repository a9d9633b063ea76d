/** Files in conversations: what is taken, who may fetch it, and when it is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { io } from 'socket.io-client';
import { openSealed } from '../../services/message/seal.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let url: string;
beforeAll(async () => {
  hotline = await startHotline();
  url = hotline.node.url;
});
afterAll(() => hotline.stop());

let serial = 0;
const clientMsgId = () => `a-${String((serial += 1))}`;

async function pair() {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx);
  const visitor = await makePerson(ctx, 'VISITOR');
  const v = await connect(url, visitor.token);
  const { id } = await v.must('conversation:open', { counselor: counselor.id });
  return { id, v, visitor, counselor };
}

async function upload(
  person: Person,
  conversation: string,
  file: { bytes: Buffer; name: string; kind: string; seconds?: number },
) {
  const form = new FormData();
  form.set('kind', file.kind);
  if (file.seconds !== undefined) form.set('seconds', String(file.seconds));
  form.set('file', new Blob([new Uint8Array(file.bytes)]), file.name);
  const answer = await fetch(`${url}/api/v1/conversations/${conversation}/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}` },
    body: form,
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the wire says
  const body = (await answer.json()) as { code: number; error?: string; result: any };
  return { status: answer.status, ...body };
}

const fetchFile = (person: Person | null, path: string, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    headers: { ...(person ? { authorization: `Bearer ${person.token}` } : {}), ...headers },
  });

/** A photograph with a place in it. */
const photo = () =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: '#88aacc' } })
    .jpeg()
    .withExif({ IFD0: { Artist: 'CANARY-EXIF' }, IFD3: { GPSLatitude: '31/1 13/1 0/1' } })
    .toBuffer();
const PDF = Buffer.from('%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF CANARY-PDF');
const OPUS = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(3_000, 'CANARY-VOICE')]);

test('a picture is drawn anew without its metadata, sealed on the store, and shown to both sides alone', async () => {
  const { id, v, visitor, counselor } = await pair();
  const uploaded = await upload(visitor, id, { kind: 'image', name: '../../宿舍.jpg', bytes: await photo() });
  expect(uploaded).toMatchObject({
    status: 200,
    result: { name: '宿舍.webp', type: 'image/webp', width: 900, height: 600, thumb: true },
  });
  const attachment = uploaded.result as { id: string };
  const path = `/api/v1/attachments/${attachment.id}`;
  // Until it is sent it is its uploader's alone.
  expect((await fetchFile(counselor, path)).status).toBe(404);
  const c = await connect(url, counselor.token);
  const said = { conversationId: id, clientMsgId: clientMsgId(), kind: 'image' as const };
  const receipt = await v.must('message:send', { ...said, attachment: attachment.id, text: '这是我的宿舍' });
  expect(await v.must('message:send', { ...said, attachment: attachment.id })).toEqual(receipt);
  const heard = await c.hear('message:created', (message) => message.seq === receipt.seq);
  expect(heard).toMatchObject({ kind: 'image', text: '这是我的宿舍', attachment: uploaded.result });

  const whole = await fetchFile(counselor, path);
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(bytes.includes('CANARY-EXIF')).toBe(false);
  expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  const thumb = Buffer.from(await (await fetchFile(counselor, `${path}/thumb`)).arrayBuffer());
  expect((await sharp(thumb).metadata()).width).toBe(480);

  const stranger = await makePerson(hotline.node.ctx, 'VISITOR');
  const foreign = await makeCounselor(hotline.node.ctx, 1, { institution: 'other' });
  for (const [person, status] of [
    [stranger, 403],
    [await makeCounselor(hotline.node.ctx), 403],
    [foreign, 404],
    [null, 401],
  ] as const)
    expect((await fetchFile(person, path)).status).toBe(status);
  // Nobody else may send it on, nor its uploader in another message.
  const c2 = await c.ask('message:send', { ...said, clientMsgId: clientMsgId(), attachment: attachment.id });
  const v2 = await v.ask('message:send', { ...said, clientMsgId: clientMsgId(), attachment: attachment.id });
  expect([c2, v2]).toMatchObject([{ error: { code: 'NOT_FOUND' } }, { error: { code: 'NOT_FOUND' } }]);
});

test('what lies on the store is sealed, and its digest stands in the sealed body of the message', async () => {
  const { id, v, visitor } = await pair();
  const { result } = await upload(visitor, id, { kind: 'file', name: '作业.pdf', bytes: PDF });
  await v.must('message:send', {
    conversationId: id,
    clientMsgId: clientMsgId(),
    kind: 'file',
    attachment: result.id as string,
  });
  const folder = join(hotline.config.HOTLINE_DATA, 'files', 'attachments', id);
  for (const name of await readdir(folder)) {
    const stored = await readFile(join(folder, name));
    expect(stored.includes('CANARY-PDF') || stored.includes('%PDF')).toBe(false);
  }
  const { ctx } = hotline.node;
  const row = await ctx.models.Attachment.findById(result.id).lean();
  expect(JSON.stringify(row)).not.toContain('作业');
  const message = await ctx.models.Message.findOne({ conversation: id, kind: 'file' }).lean().orFail();
  const conversation = await ctx.models.Conversation.findById(id).lean().orFail();
  const key = await ctx.keys.conversation(conversation.key.toHexString());
  const { canonical } = openSealed(key, message, 'ecnu')!;
  expect(JSON.parse(canonical.toString())).toMatchObject({
    attachment: { name: '作业.pdf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
  });
});

test('a voice note has seconds and is fetched by ranges', async () => {
  const { id, v, visitor, counselor } = await pair();
  const { result } = await upload(visitor, id, { kind: 'voice', name: 'v', bytes: OPUS, seconds: 7.25 });
  expect(result).toMatchObject({ type: 'audio/ogg', seconds: 7.3, size: OPUS.length });
  await v.must('message:send', {
    conversationId: id,
    clientMsgId: clientMsgId(),
    kind: 'voice',
    attachment: result.id as string,
  });
  const path = `/api/v1/attachments/${result.id as string}`;
  const part = await fetchFile(counselor, path, { range: 'bytes=4-15' });
  expect([part.status, await part.text()]).toEqual([206, 'CANARY-VOICE']);
  expect((await fetchFile(counselor, path, { range: 'bytes=99999-' })).status).toBe(416);
});

test('what is not what it says it is, too large, or of a kind that a browser could run, is refused', async () => {
  const { id, visitor, counselor } = await pair();
  const refused = async (file: Parameters<typeof upload>[2]) => (await upload(visitor, id, file)).error;
  const html = Buffer.from('<html><script>alert(1)</script></html>');
  const cases: [Parameters<typeof upload>[2], string][] = [
    [{ kind: 'image', name: 'a.png', bytes: html }, 'BAD_INPUT'],
    [
      { kind: 'image', name: 'a.svg', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
      'BAD_INPUT',
    ],
    [{ kind: 'image', name: 'a.jpg', bytes: PDF }, 'BAD_INPUT'],
    [{ kind: 'file', name: 'a.html', bytes: html }, 'BAD_INPUT'],
    [{ kind: 'file', name: 'a.pdf', bytes: html }, 'BAD_INPUT'],
    [{ kind: 'file', name: 'a.exe', bytes: Buffer.from('MZ'.repeat(40)) }, 'BAD_INPUT'],
    [{ kind: 'file', name: 'a.pdf', bytes: Buffer.alloc(0) }, 'BAD_INPUT'],
    [{ kind: 'voice', name: 'a', bytes: PDF, seconds: 3 }, 'BAD_INPUT'],
    [{ kind: 'voice', name: 'a', bytes: OPUS }, 'BAD_INPUT'],
    [{ kind: 'voice', name: 'a', bytes: OPUS, seconds: 3_000 }, 'BAD_INPUT'],
    [{ kind: 'voice', name: 'a', bytes: Buffer.concat([OPUS, Buffer.alloc(6e6)]), seconds: 3 }, 'TOO_LARGE'],
    [{ kind: 'file', name: 'a.txt', bytes: Buffer.alloc(25 * 1_048_576, 'a') }, 'TOO_LARGE'],
  ];
  for (const [file, word] of cases)
    expect([file.name, file.kind, await refused(file)]).toEqual([file.name, file.kind, word]);
  // A picture of few bytes and very many pixels.
  const bomb = await sharp({ create: { width: 6_500, height: 6_500, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(await refused({ kind: 'image', name: 'bomb.png', bytes: bomb })).toBe('BAD_INPUT');
  // Whoever may not write may not upload.
  const other = await makePerson(hotline.node.ctx, 'VISITOR');
  expect((await upload(other, id, { kind: 'file', name: 'a.pdf', bytes: PDF })).status).toBe(403);
  expect((await upload(counselor, id, { kind: 'file', name: 'a.pdf', bytes: PDF })).status).toBe(200);
});

test('recall takes the file with it; a quote stays a number and shows the tombstone', async () => {
  const { id, v, visitor, counselor } = await pair();
  const { result } = await upload(visitor, id, { kind: 'file', name: 'a.pdf', bytes: PDF });
  const sent = await v.must('message:send', {
    conversationId: id,
    clientMsgId: clientMsgId(),
    kind: 'file',
    attachment: result.id as string,
  });
  const c = await connect(url, counselor.token);
  const say = { conversationId: id, kind: 'text' as const, text: '看到了' };
  await c.must('message:send', { ...say, clientMsgId: clientMsgId(), quote: sent.seq });
  const bad = await c.ask('message:send', { ...say, clientMsgId: clientMsgId(), quote: 999 });
  const system = await c.ask('message:send', { ...say, clientMsgId: clientMsgId(), quote: 1 });
  expect([bad, system]).toMatchObject([{ error: { code: 'BAD_INPUT' } }, { error: { code: 'BAD_INPUT' } }]);
  await v.must('message:recall', { id: sent.id });
  expect((await fetchFile(visitor, `/api/v1/attachments/${result.id as string}`)).status).toBe(404);
  const folder = join(hotline.config.HOTLINE_DATA, 'files', 'attachments', id);
  expect(await readdir(folder)).toEqual([]);
  const page = await http(url, 'GET', `/api/v1/conversations/${id}/messages?after=${String(sent.seq - 1)}`, {
    token: counselor.token,
  });
  const [tombstone, quoting, told] = page.body.result as Record<string, unknown>[];
  expect(tombstone).toMatchObject({ seq: sent.seq, kind: 'file', recalled: true });
  expect(tombstone).not.toHaveProperty('attachment');
  expect([quoting, told]).toMatchObject([{ quote: sent.seq }, { event: 'recalled', ref: sent.seq }]);
});

test('emoji and cards: only emoji are emoji, only staff sends cards, with the lines in force', async () => {
  const { id, v, counselor } = await pair();
  const c = await connect(url, counselor.token);
  const say = (more: object) => ({ conversationId: id, clientMsgId: clientMsgId(), ...more }) as never;
  expect(await v.ask('message:send', say({ kind: 'emoji', text: '😊👍🏽' }))).toMatchObject({ ok: true });
  for (const wrong of [
    { kind: 'emoji', text: 'ok😊' },
    { kind: 'text' },
    { kind: 'image', text: '没有图片' },
    { kind: 'text', text: 'x', card: { type: 'emergency' } },
    { kind: 'voice', text: 'x', attachment: 'f'.repeat(24) },
  ])
    expect(await v.ask('message:send', say(wrong))).toMatchObject({ error: { code: 'BAD_INPUT' } });
  const card = { kind: 'card', card: { type: 'emergency' } };
  expect(await v.ask('message:send', say(card))).toMatchObject({ error: { code: 'FORBIDDEN' } });
  await c.must('message:send', say(card));
  const heard = await v.hear('message:created', (message) => message.kind === 'card');
  expect(heard.data).toEqual({ card: 'emergency' });
  expect(heard.text).toContain('12356');
});

test('received is apart from read, never behind it, and told to the other side', async () => {
  const { id, v, visitor, counselor } = await pair();
  const c = await connect(url, counselor.token);
  for (const text of ['一', '二', '三'])
    await v.must('message:send', { conversationId: id, clientMsgId: clientMsgId(), kind: 'text', text });
  const mark = { conversationId: id, userId: counselor.id };
  expect(await c.must('message:received', { conversationId: id, seq: 3 })).toEqual({
    ...mark,
    seq: 0,
    received: 3,
  });
  await v.hear('message:read', (told) => told.received === 3 && told.seq === 0);
  expect(await c.must('message:read', { conversationId: id, seq: 4 })).toEqual({
    ...mark,
    seq: 4,
    received: 4,
  });
  expect(await c.must('message:received', { conversationId: id, seq: 2 })).toEqual({
    ...mark,
    seq: 4,
    received: 4,
  });
  // Nothing beyond what exists.
  expect((await c.must('message:received', { conversationId: id, seq: 900 })).received).toBe(4);
  const synced = await http(url, 'POST', '/api/v1/sync', {
    token: visitor.token,
    json: { conversations: [{ id, after: 0 }] },
  });
  expect(synced.body.result.conversations[0].reads).toEqual([{ ...mark, seq: 4, received: 4 }]);
});

test('erasing a conversation takes its files along; what was never sent is swept after a day', async () => {
  const { id, visitor } = await pair();
  const { ctx } = hotline.node;
  const { result } = await upload(visitor, id, { kind: 'file', name: 'a.pdf', bytes: PDF });
  const folder = join(hotline.config.HOTLINE_DATA, 'files', 'attachments', id);
  await hotline.node.workers?.sweep();
  expect(await readdir(folder)).toHaveLength(1);
  await ctx.models.Attachment.updateOne({ _id: result.id }, { createdAt: new Date(Date.now() - 86_400_001) });
  await hotline.node.workers?.sweep();
  await until(async () => (await readdir(folder)).length === 0, 'swept');

  await upload(visitor, id, { kind: 'file', name: 'a.pdf', bytes: PDF });
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  await ctx.models.Conversation.updateOne({ _id: id }, { deletedAt: new Date() });
  const { key } = await ctx.models.Conversation.findById(id).lean().orFail();
  const at = new Date(Date.now() - 1_000);
  await ctx.models.Erasure.create({
    _id: id,
    institution: 'ecnu',
    key,
    requestedBy: admin.id,
    requestedAt: at,
    dueAt: at,
    // A person's request: what is merely old enough for the grace is younger than its class's minimum.
    cause: 'request',
  });
  await hotline.node.workers?.sweep();
  await until(async () => (await readdir(folder)).length === 0, 'erased');
  expect(await ctx.models.Attachment.countDocuments({ conversation: id })).toBe(0);
});

test('the default Socket.IO client, polling first, talks to a single node', async () => {
  const { id, visitor } = await pair();
  const socket = io(url, { auth: { token: visitor.token }, forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const input = { conversationId: id, clientMsgId: clientMsgId(), kind: 'text', text: '先轮询' };
  expect(await socket.timeout(5_000).emitWithAck('message:send', input)).toMatchObject({ ok: true });
  await until(() => socket.io.engine.transport.name === 'websocket', 'upgraded');
  socket.disconnect();
});
