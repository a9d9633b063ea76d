import { describe, expect, test } from '@jest/globals';
import { createKeyring } from '../../../platform/keyring.js';
import {
  hashPassword,
  isOutdated,
  md5OfClear,
  refuseCommonPassword,
  verifyPassword,
} from '../../../services/account/password.js';
import { testConfig } from '../../support/app.js';

const MD5 = md5OfClear('gentle-otter-42');

function needs(overrides: Record<string, string> = {}, pepper = 'pepper') {
  return {
    config: testConfig(overrides),
    keyring: createKeyring(Buffer.alloc(32, 7).toString('base64'), pepper),
  };
}

describe('a stored password', () => {
  test('is argon2id with the parameters of the config and holds no MD5', async () => {
    const hash = await hashPassword(needs({ ARGON2_MEMORY: '19456', ARGON2_TIME: '2' }), MD5);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hash.toLowerCase()).not.toContain(MD5);
    expect(hash).not.toContain(Buffer.from(MD5, 'hex').toString('base64').replace(/=+$/, ''));
  });

  test('verifies in either case of the MD5, and no other MD5 does', async () => {
    const ctx = needs();
    const hash = await hashPassword(ctx, MD5.toUpperCase());
    expect(await verifyPassword(ctx, hash, MD5)).toBe(true);
    expect(await verifyPassword(ctx, hash, md5OfClear('gentle-otter-43'))).toBe(false);
  });

  test('verifies nothing under another pepper', async () => {
    const hash = await hashPassword(needs(), MD5);
    expect(await verifyPassword(needs({}, 'stolen without the pepper'), hash, MD5)).toBe(false);
  });

  test('is two different hashes for two users', async () => {
    const ctx = needs();
    expect(await hashPassword(ctx, MD5)).not.toBe(await hashPassword(ctx, MD5));
  });

  test('is outdated once the parameters change, and verifies still', async () => {
    const hash = await hashPassword(needs({ ARGON2_MEMORY: '64' }), MD5);
    const stronger = needs({ ARGON2_MEMORY: '128' });
    expect(isOutdated(stronger, hash)).toBe(true);
    expect(isOutdated(needs({ ARGON2_MEMORY: '64' }), hash)).toBe(false);
    expect(await verifyPassword(stronger, hash, MD5)).toBe(true);
  });

  test.each([undefined, null, ''])('of nobody (%p) verifies nothing', async (hash) => {
    expect(await verifyPassword(needs(), hash, MD5)).toBe(false);
  });
});

describe('setting a password', () => {
  test.each(['123456', 'password', 'woaini1314', 'admin123', 'qwerty', 'xinyuan123'])(
    'refuses %s',
    (word) => {
      expect(() => refuseCommonPassword(md5OfClear(word))).toThrow(
        expect.objectContaining({ word: 'BAD_INPUT' }),
      );
    },
  );

  test('refuses the user name and takes what nobody else would', () => {
    expect(() => refuseCommonPassword(md5OfClear('zhangsan'), ['zhangsan'])).toThrow();
    expect(() => refuseCommonPassword(MD5, ['zhangsan'])).not.toThrow();
  });
});
