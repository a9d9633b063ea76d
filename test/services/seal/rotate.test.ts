/** A new DATA_KEY: what was sealed before opens after, with the new key alone, and the old one opens nothing. */
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assemble, type Assembled } from '../../../bin/assemble.js';
import { ConfigError, type Config } from '../../../platform/config.js';
import { createKeyring } from '../../../platform/keyring.js';
import { sealPrivate } from '../../../services/account/private-fields.js';
import { createSession } from '../../../services/account/session.js';
import { backup } from '../../../services/backup/backup.js';
import { restore } from '../../../services/backup/restore.js';
import { createNode } from '../../../services/create.js';
import { openField, phoneIndex } from '../../../services/seal/fields.js';
import { wrappedPlace } from '../../../services/seal/keys.js';
import { rotateDataKey } from '../../../services/seal/rotate.js';
import { isSignedBy, sealKeyPlace, signerOf } from '../../../services/seal/signing.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makePerson, type Person } from '../../support/factories.js';
import { exported, talk } from '../export/scene.js';

const OLD = Buffer.alloc(32, 7).toString('base64');
const NEW = Buffer.alloc(32, 9).toString('base64');
const PHONE = '13812345678';
const WORDS = '换钥匙之前说的话';

let hotline: Hotline;
let admin: Person;
beforeAll(async () => {
  hotline = await startHotline({ env: { DATA_KEY: OLD } });
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(() => hotline.stop());

const keyed = (DATA_KEY: string, DATA_KEY_PREVIOUS = ''): Config => ({
  ...hotline.config,
  DATA_KEY,
  DATA_KEY_PREVIOUS,
  faces: new Set(['server']),
});

async function withNode<T>(config: Config, use: (node: Assembled, url: string) => Promise<T>): Promise<T> {
  const node = await assemble(config);
  await new Promise<void>((listening) => node.http.listen(0, '127.0.0.1', listening));
  const { port } = node.http.address() as AddressInfo;
  try {
    return await use(node, `http://127.0.0.1:${String(port)}`);
  } finally {
    await node.close();
  }
}

/** Refused before anything is served; a node that starts in spite of it is ended. */
const starts = async (config: Config): Promise<unknown> => {
  try {
    const node = await createNode(config, { waker: { wake: () => Promise.resolve() } });
    await node.close();
    return 'started';
  } catch (error) {
    return error;
  }
};

/** How many of the values that a master key wraps this one opens. */
async function opens(dataKey: string): Promise<number> {
  const { DataKey, SealKey } = hotline.node.ctx.models;
  const keyring = createKeyring(dataKey, '');
  const keys = await DataKey.find({ scope: { $in: ['index', 'institution'] } }).lean();
  const signers = await SealKey.find({ privateKey: { $ne: null } }).lean();
  const attempts = [
    ...keys.map((row) => () => keyring.unwrap(row.wrapped as Buffer, wrappedPlace(row))),
    ...signers.map((row) => () => keyring.unwrap(row.privateKey as Buffer, sealKeyPlace(row._id))),
  ];
  return attempts.filter((attempt) => {
    try {
      return attempt().length > 0;
    } catch {
      return false;
    }
  }).length;
}

test('a rotation that breaks off and is repeated: all opens at every step, in the end by the new key alone', async () => {
  const { ctx } = hotline.node;
  const { id } = await talk(hotline, [WORDS]);
  const { task, bytes } = await exported(hotline, admin.token, `/conversation/export/${id}?format=txt`);
  await ctx.keys.institution('other');
  const visitor = await makePerson(ctx, 'VISITOR');
  await ctx.models.User.updateOne(
    { _id: visitor.user._id },
    { $set: await sealPrivate(ctx, visitor.user, { phone: PHONE }) },
  );
  const signer = await signerOf(ctx);
  const folder = mkdtempSync(join(tmpdir(), 'hotline-rotate-'));
  const [data, keys] = [join(folder, 'data'), join(folder, 'keys')];
  await backup(ctx, { data, keys });

  const allOpens = (config: Config, { token }: { token: string } = admin) =>
    withNode(config, async ({ ctx: now }, url) => {
      const page = await http(url, 'GET', `/message/conversation/web?conversationId=${id}`, { token });
      expect(JSON.stringify(page.body.result)).toContain(WORDS);
      const file = await fetch(`${url}${task.url ?? ''}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
      const found = await now.models.User.findOne({ phoneIndex: phoneIndex(now, PHONE) })
        .lean()
        .orFail();
      expect(found._id).toEqual(visitor.user._id);
      const place = ['users', 'phone', visitor.id] as const;
      expect(await openField(now, 'ecnu', place, found.phone)).toBe(PHONE);
      const { publicKey, sign } = await signerOf(now);
      expect(publicKey.equals(signer.publicKey)).toBe(true);
      expect(isSignedBy(signer.publicKey, Buffer.from(WORDS), sign(Buffer.from(WORDS)))).toBe(true);
    });

  expect(await starts(keyed(NEW))).toBeInstanceOf(ConfigError);
  await allOpens(keyed(NEW, OLD));
  // Two institutions and the key that signs; the key of the blind index is stored by the rotation itself.
  expect([await opens(OLD), await opens(NEW)]).toEqual([3, 0]);

  await withNode(keyed(NEW, OLD), async ({ ctx: both }) => {
    const broken = rotateDataKey(both, () => {
      throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
  });
  expect([await opens(OLD), await opens(NEW)]).toEqual([2, 2]);
  await allOpens(keyed(NEW, OLD));
  await withNode(keyed(NEW, OLD), async ({ ctx: both }) => {
    expect(await rotateDataKey(both)).toEqual({ rewrapped: 2, already: 2, foreign: [] });
    expect(await rotateDataKey(both)).toEqual({ rewrapped: 0, already: 4, foreign: [] });
  });
  expect([await opens(OLD), await opens(NEW)]).toEqual([0, 4]);
  await allOpens(keyed(NEW));
  expect(await starts(keyed(OLD))).toBeInstanceOf(ConfigError);

  // A backup of the data from before, with the newest keys: the key that signs lies in the data.
  await backup(ctx, { data: null, keys });
  const target = await startHotline({
    env: { DATA_KEY: NEW, DATA_KEY_PREVIOUS: OLD, FACES: 'server' },
  });
  try {
    const into = target.node.ctx;
    await restore(into, { data, keys });
    expect(await rotateDataKey(into)).toEqual({ rewrapped: 1, already: 3, foreign: [] });
    expect(phoneIndex(into, PHONE)).not.toBe(phoneIndex(ctx, PHONE));
    // Nobody stays signed in.
    const again = await createSession(into, admin.user, {});
    await allOpens({ ...keyed(NEW), DATABASE: target.config.DATABASE }, again);
  } finally {
    await target.stop();
  }
}, 120_000);
