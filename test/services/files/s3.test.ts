/** The bucket behind the storage interface, against an S3 server that checks signatures. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import S3rver from '@20minutes/s3rver';
import sharp from 'sharp';
import { loadConfig } from '../../../platform/config.js';
import { createS3Store } from '../../../services/files/s3.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor } from '../../support/factories.js';
import { ask } from '../../http/consultant/client.js';

const folder = mkdtempSync(join(tmpdir(), 'hotline-s3-'));
const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: folder,
  configureBuckets: [{ name: 'files', configs: [] }],
});
let env: Record<'S3_URL' | 'S3_REGION' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY', string>;
let hotline: Hotline;
beforeAll(async () => {
  const { port } = await server.run();
  env = {
    S3_URL: `http://127.0.0.1:${String(port)}/files/hotline`,
    S3_REGION: 'us-east-1',
    S3_ACCESS_KEY: 'S3RVER',
    S3_SECRET_KEY: 'S3RVER',
  };
  hotline = await startHotline({ env: { ...env, FACES: 'server' } });
});
afterAll(async () => {
  await hotline.stop();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('puts, replaces, reads and removes; what is not there is null, and harmless to remove', async () => {
  const { files } = hotline.node.ctx;
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  await files.put('nouns/one.bin', Buffer.from('first'));
  await files.put('nouns/one.bin', bytes);
  expect((await files.get('nouns/one.bin'))?.equals(bytes)).toBe(true);
  await files.put('nouns/empty.bin', Buffer.alloc(0));
  expect(await files.get('nouns/empty.bin')).toEqual(Buffer.alloc(0));
  await files.remove('nouns/one.bin');
  await files.remove('nouns/one.bin');
  expect(await files.get('nouns/one.bin')).toBeNull();
  await expect(files.get('nouns/../secret')).rejects.toThrow(RangeError);
});

test('a wrong key, a missing bucket and a store that is away are errors, never a missing file', async () => {
  for (const wrong of [
    { S3_SECRET_KEY: 'wrong' },
    { S3_URL: env.S3_URL.replace('/files/', '/nothing/') },
    { S3_URL: 'http://127.0.0.1:1/files' },
  ]) {
    const store = createS3Store({ ...env, ...wrong });
    await expect(store.get('nouns/empty.bin')).rejects.toMatchObject({ word: 'UNAVAILABLE' });
    await expect(store.put('nouns/x.bin', Buffer.from('x'))).rejects.toMatchObject({ word: 'UNAVAILABLE' });
  }
  const given = { MONGODB_URL: 'm', REDIS_URL: 'r', HOTLINE_DATA: folder, S3_URL: env.S3_URL };
  expect(() => loadConfig(given)).toThrow('S3_ACCESS_KEY is missing beside S3_URL');
});

test('the product over it: a picture of a record lies sealed in the bucket and is shown again', async () => {
  const { ctx } = hotline.node;
  const me = await makeCounselor(ctx);
  const form = new FormData();
  form.set('token', me.token);
  form.set('name', '桶中人');
  const drawn = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#963' } })
    .png()
    .toBuffer();
  form.set('signatureImage', new Blob([new Uint8Array(drawn)]), 'me.png');
  const base = '/api/consultant/interview/records';
  expect((await ask(hotline.node.url, `${base}/profile/create`, form)).body.code).toBe(0);
  const who = { userID: me.user.userID, token: me.token };
  const { data } = (await ask(hotline.node.url, base, { ...who, page: 1, page_size: 10 })).body;
  const id = data.data[0].id as string;
  const [row] = (await ask(hotline.node.url, `${base}/profile`, { ...who, id })).body.data;
  const shown = await fetch(hotline.node.url + String(row.signatureImage));
  expect(shown.headers.get('content-type')).toBe('image/webp');
  expect(
    Buffer.from(await shown.arrayBuffer())
      .subarray(8, 12)
      .toString(),
  ).toBe('WEBP');
  const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('record-files'),
  );
  expect(objects.some((name) => name.includes('.webp'))).toBe(true);
  for (const name of objects.filter((each) => each.includes('_object')))
    expect(readFileSync(join(folder, name)).includes('WEBP')).toBe(false);
});
