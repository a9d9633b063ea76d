/** The reference client's files, quotes and marks, and a line that died without saying so. */
import { describe, expect, test } from '@jest/globals';
import type { LocalFile, Upload } from '../../contract/client.js';
import { CONVERSATION, createScript, message } from './scripted.js';

const FILE: LocalFile = { kind: 'image', body: 'bytes', name: '画.png', size: 9 };
const attachment = { id: 'f'.repeat(24), name: '画.webp', type: 'image/webp', size: 7, thumb: true };
const answer = (status: number, body: object) => ({ status, body });
const taken = answer(200, { code: 0, message: 'OK', result: attachment });

/** An upload that the test answers. */
function gate() {
  const waiting: {
    path: string;
    progress: (done: number) => void;
    give: (with_: Awaited<ReturnType<Upload>>) => void;
    lose: () => void;
    signal: AbortSignal | undefined;
  }[] = [];
  const upload: Upload = (path, _file, { progress, signal }) =>
    new Promise((resolve, reject) => {
      const lose = () => {
        reject(new Error('lost'));
      };
      signal?.addEventListener('abort', lose);
      waiting.push({ path, progress, give: resolve, lose, signal });
    });
  return { waiting, upload };
}

describe('files', () => {
  test('progress is shown, words written meanwhile do not wait, the message goes once the file is there', async () => {
    const { waiting, upload } = gate();
    const script = createScript({ upload });
    await script.ready();
    script.client.send(CONVERSATION, { kind: 'file', file: FILE, quote: 1, text: '我画的' });
    script.client.send(CONVERSATION, '先说一句');
    await script.clock.pass(200);
    expect(waiting[0]?.path).toBe(`/api/v1/conversations/${CONVERSATION}/attachments`);
    waiting[0]?.progress(0.5);
    expect(script.view().pending[0]).toMatchObject({ state: 'uploading', file: { progress: 0.5 } });
    expect(script.client.fileOf('id-1')).toBe(FILE);
    expect(script.asks('message:send')).toMatchObject([{ text: '先说一句' }]);
    waiting[0]?.give(taken);
    await script.clock.settle();
    const [, sent] = script.asks('message:send');
    expect(sent).toEqual({
      conversationId: CONVERSATION,
      clientMsgId: 'id-1',
      kind: 'image',
      text: '我画的',
      quote: 1,
      attachment: attachment.id,
    });
    expect(script.client.fileOf('id-1')).toBeUndefined();
  });

  test('a lost upload is tried again, a refused one waits for the person, a cancelled one is gone', async () => {
    const { waiting, upload } = gate();
    const script = createScript({ upload });
    await script.ready();
    const send = () => script.client.send(CONVERSATION, { kind: 'file', file: FILE }).clientMsgId;
    const first = send();
    waiting[0]?.lose();
    await script.clock.pass(1_000);
    expect(waiting).toHaveLength(2);
    waiting[1]?.give(answer(400, { code: -2, message: '图片无法识别', result: null, error: 'BAD_INPUT' }));
    await script.clock.settle();
    expect(script.view().pending).toMatchObject([{ state: 'failed', error: { message: '图片无法识别' } }]);
    script.client.retry(first);
    await script.clock.settle();
    expect([waiting.length, script.view().pending[0]?.state]).toEqual([3, 'uploading']);
    script.client.discard(first);
    await script.clock.pass(30_000);
    expect(waiting[2]?.signal?.aborted).toBe(true);
    expect([waiting.length, script.view().pending]).toEqual([3, []]);
    expect(script.asks('message:send')).toEqual([]);
  });

  test('after a reload the file itself is gone: said, never sent empty', async () => {
    const kept = {
      ...{
        clientMsgId: 'old',
        conversationId: CONVERSATION,
        kind: 'image' as const,
        text: '',
        after: 0,
        time: 0,
      },
      ...{ state: 'uploading' as const, file: { name: '画.png', size: 9, progress: 0.4 } },
    };
    const script = createScript({ store: { load: () => [kept], save: () => undefined } });
    await script.ready();
    expect(script.view().pending).toMatchObject([{ state: 'failed', error: { code: 'FILE_LOST' } }]);
    script.client.retry('old');
    await script.clock.pass(5_000);
    expect(script.view().pending).toMatchObject([{ state: 'failed' }]);
    script.client.discard('old');
    expect(script.view().pending).toEqual([]);
  });
});

test('what arrived is told once for many, and not at all when it was read first', async () => {
  const script = createScript();
  script.server.messages.push(message(1));
  await script.ready();
  await script.clock.pass(2_000);
  script.push(message(2));
  script.push(message(3));
  await script.clock.pass(2_000);
  expect(script.asks('message:received').map(({ seq }) => seq)).toEqual([1, 3]);
  script.push(message(4));
  script.client.markRead(CONVERSATION, 4);
  await script.clock.pass(2_000);
  expect(script.asks('message:received')).toHaveLength(2);
});

test('a quoted message that is not held is fetched once, and shows its recall', async () => {
  const script = createScript({
    http: (_method, path) =>
      Promise.resolve(
        answer(200, { code: 0, message: 'OK', result: path.includes('after=6') ? [message(7)] : [] }),
      ),
  });
  await script.client.lookUp(CONVERSATION, 7);
  await script.client.lookUp(CONVERSATION, 7);
  expect(script.view().quoted[7]).toMatchObject({ seq: 7, text: 'text 7' });
  script.client.start();
  await script.clock.settle();
  script.tell('message:recalled', { conversationId: CONVERSATION, id: 'm7', seq: 7 });
  expect(script.view().quoted[7]).toMatchObject({ recalled: true });
  expect(script.view().quoted[7]).not.toHaveProperty('text');
  await script.client.lookUp(CONVERSATION, 99);
  expect(script.view().quoted[99]).toBeNull();
});

test('a socket that died silently is given up for a new one after the first unanswered question', async () => {
  const script = createScript();
  await script.ready();
  const answers = { ...script.answers };
  // The line swallows everything from now on, and nobody closes it.
  for (const name of Object.keys(script.answers)) script.answers[name] = () => 'silence';
  script.client.send(CONVERSATION, '还在吗');
  let connects = 0;
  const connect = script.socket.connect.bind(script.socket);
  script.socket.connect = () => {
    connects += 1;
    Object.assign(script.answers, answers);
    return connect();
  };
  // 10 s for the answer that does not come, 4 s for the probe.
  await script.clock.pass(15_000);
  expect(connects).toBe(1);
  await script.clock.pass(2_000);
  expect(script.server.messages.map(({ text }) => text)).toEqual(['还在吗']);
});
