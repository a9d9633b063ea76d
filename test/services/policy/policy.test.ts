import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPolicyCache, setPolicy } from '../../../services/policy/policy.js';
import { DEFAULT_POLICY, policySchema } from '../../../services/policy/rules.js';
import type { Models } from '../../../models/index.js';
import { fakeClock, openScene, refusal, type Scene } from '../roster/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  await scene.models.Policy.deleteMany({});
  scene.ctx.policies.drop('ecnu');
});

test('the defaults keep their own bounds and the document’s limits', () => {
  expect(policySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  expect(DEFAULT_POLICY).toMatchObject({
    textLimitMs: 3_600_000,
    voiceLimitMs: 2_400_000,
    waitingLimitMs: 1_800_000,
    silenceCloseMs: 600_000,
    consent: 'tap',
    wrapUpSeconds: 0,
    maxConsults: 5,
  });
  expect(DEFAULT_POLICY.emergency.map(({ phone }) => phone)).toEqual(['12356', '110', '120']);
});

describe('setting', () => {
  test('changes what is named, for one institution, and keeps the rest', async () => {
    await setPolicy(scene.ctx, 'ecnu', { maxConsults: 3 });
    const policy = await setPolicy(scene.ctx, 'ecnu', { wrapUpSeconds: 60, consent: 'strict' });
    expect(policy).toEqual({ ...DEFAULT_POLICY, maxConsults: 3, wrapUpSeconds: 60, consent: 'strict' });
    expect(await scene.ctx.policies.get('ecnu')).toEqual(policy);
    expect(await scene.ctx.policies.get('other')).toEqual(DEFAULT_POLICY);
  });

  test('refuses what is out of bounds or no rule, and writes nothing', async () => {
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { maxConsults: -1 }))).toBe('BAD_INPUT');
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { textLimitMs: 0 }))).toBe('BAD_INPUT');
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { emergency: [] }))).toBe('BAD_INPUT');
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { 'a.b': 1 } as never))).toBe('BAD_INPUT');
    expect(await scene.models.Policy.countDocuments()).toBe(0);
  });

  test('a new consent text needs a new version: people agreed to the old one', async () => {
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { consentText: '新的' }))).toBe('BAD_INPUT');
    const same = DEFAULT_POLICY.consentVersion;
    expect(await refusal(setPolicy(scene.ctx, 'ecnu', { consentText: '新的', consentVersion: same }))).toBe(
      'BAD_INPUT',
    );
    const policy = await setPolicy(scene.ctx, 'ecnu', { consentText: '新的', consentVersion: '2' });
    expect(policy).toMatchObject({ consentText: '新的', consentVersion: '2' });
  });

  test('ten first writers at once: every one is heard', async () => {
    const rules = [
      'textLimitMs',
      'voiceLimitMs',
      'waitingLimitMs',
      'silenceCloseMs',
      'waitingCreditMs',
    ] as const;
    await Promise.all(
      rules.flatMap((rule) => [1, 2].map(() => setPolicy(scene.ctx, 'ecnu', { [rule]: 5_000 }))),
    );
    expect(await scene.ctx.policies.get('ecnu')).toMatchObject(
      Object.fromEntries(rules.map((rule) => [rule, 5_000])),
    );
  });

  test('a stored value that no longer fits gives way to the default, the others count', async () => {
    await scene.models.Policy.create({
      _id: 'ecnu',
      values: { maxConsults: 'many', wrapUpSeconds: 9, gone: 1 },
    });
    const policy = await scene.ctx.policies.get('ecnu');
    expect(policy).toEqual({ ...DEFAULT_POLICY, wrapUpSeconds: 9 });
  });
});

describe('the cache', () => {
  test('another node’s change counts after five seconds, not before', async () => {
    const second = scene.secondNode();
    expect((await second.policies.get('ecnu')).maxConsults).toBe(5);
    await setPolicy(scene.ctx, 'ecnu', { maxConsults: 3 });
    scene.clock.pass(4_999);
    expect((await second.policies.get('ecnu')).maxConsults).toBe(5);
    scene.clock.pass(1);
    expect((await second.policies.get('ecnu')).maxConsults).toBe(3);
  });

  /** A policies collection that answers by hand. */
  function byHand() {
    const reads: { answer(row: unknown): void; fail(error: Error): void }[] = [];
    const read = () => new Promise((answer, fail) => reads.push({ answer, fail }));
    const models = { Policy: { findById: () => ({ lean: read }) } } as unknown as Models;
    const clock = fakeClock();
    return { reads, clock, cache: createPolicyCache({ models, clock }) };
  }
  const row = (maxConsults: number) => ({ values: { maxConsults }, consentVersion: null, consentText: null });

  test('a burst costs one read', async () => {
    const { reads, cache } = byHand();
    const burst = Array.from({ length: 50 }, () => cache.get('ecnu'));
    reads[0]?.answer(row(2));
    expect((await Promise.all(burst)).every((policy) => policy.maxConsults === 2)).toBe(true);
    expect(reads).toHaveLength(1);
  });

  test('a read that began before a drop is not kept', async () => {
    const { reads, cache } = byHand();
    const early = cache.get('ecnu');
    cache.drop('ecnu');
    const late = cache.get('ecnu');
    reads[1]?.answer(row(2));
    await late;
    reads[0]?.answer(row(1));
    await early;
    expect((await cache.get('ecnu')).maxConsults).toBe(2);
    expect(reads).toHaveLength(2);
  });

  test('while the database is away the last known rules hold; an unknown fault is told', async () => {
    const { reads, clock, cache } = byHand();
    const first = cache.get('ecnu');
    reads[0]?.answer(row(2));
    await first;
    clock.pass(6_000);
    const away = cache.get('ecnu');
    reads[1]?.fail(Object.assign(new Error('gone'), { name: 'MongoNetworkError' }));
    expect((await away).maxConsults).toBe(2);
    const broken = cache.get('ecnu');
    reads[2]?.fail(new Error('a bug'));
    await expect(broken).rejects.toThrow('a bug');
    const unknown = cache.get('other');
    reads[3]?.fail(Object.assign(new Error('gone'), { name: 'MongoNetworkError' }));
    await expect(unknown).rejects.toThrow('gone');
  });
});
