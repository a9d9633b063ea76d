import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { consentFor, giveConsent } from '../../../services/consent/give-consent.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { NOW, openScene, refusal, type Scene } from '../roster/scene.js';

let scene: Scene;
let visitor: Awaited<ReturnType<Scene['user']>>;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  await scene.models.Policy.deleteMany({});
  scene.ctx.policies.drop('ecnu');
  visitor = await scene.user('VISITOR');
});

const give = (version: string, research = false) =>
  giveConsent(scene.ctx, visitor.actor, { version, research });
const open = () => consentFor(scene.ctx, visitor.id, 'ecnu');
const stored = async () => (await scene.models.User.findById(visitor.id).lean())?.consent;

describe('the form', () => {
  test('stores version, time and the choice about research, which can be taken back', async () => {
    expect(await give('hotline-1', true)).toEqual({ version: 'hotline-1', at: NOW, research: true });
    expect(await stored()).toEqual({ version: 'hotline-1', at: new Date(NOW), research: true, by: 'form' });
    await give('hotline-1', false);
    expect(await stored()).toMatchObject({ research: false, by: 'form' });
  });

  test('an older text than the one in force is refused and changes nothing', async () => {
    await give('hotline-1', true);
    await setPolicy(scene.ctx, 'ecnu', { consentVersion: '2' });
    expect(await refusal(give('hotline-1'))).toBe('CONFLICT');
    expect(await stored()).toMatchObject({ version: 'hotline-1', research: true });
  });

  test('staff give none', async () => {
    const { actor } = await scene.user('COUNSELOR');
    expect(await refusal(giveConsent(scene.ctx, actor, { version: 'hotline-1', research: false }))).toBe(
      'FORBIDDEN',
    );
  });
});

describe('opening under `tap`', () => {
  test('stores the consent that the tap gave, never research', async () => {
    expect(await open()).toBe('hotline-1');
    expect(await stored()).toEqual({ version: 'hotline-1', at: new Date(NOW), research: false, by: 'tap' });
  });

  test('leaves what the form said, also when both come at once', async () => {
    await give('hotline-1', true);
    expect(await open()).toBe('hotline-1');
    expect(await stored()).toMatchObject({ research: true, by: 'form' });
    await scene.models.User.updateOne({ _id: visitor.row._id }, { $set: { consent: null } });
    await Promise.all([give('hotline-1', true), ...Array.from({ length: 8 }, open)]);
    expect(await stored()).toMatchObject({ research: true, by: 'form' });
  });

  test('a new version is a new consent, and research is asked again', async () => {
    await give('hotline-1', true);
    await setPolicy(scene.ctx, 'ecnu', { consentVersion: '2' });
    expect(await open()).toBe('2');
    expect(await stored()).toMatchObject({ version: '2', research: false, by: 'tap' });
  });
});

describe('opening under `strict`', () => {
  test('needs the form of this very version; an earlier tap is not enough', async () => {
    await open();
    await setPolicy(scene.ctx, 'ecnu', { consent: 'strict' });
    expect(await refusal(open())).toBe('CONSENT_NEEDED');
    await give('hotline-1');
    expect(await open()).toBe('hotline-1');
    await setPolicy(scene.ctx, 'ecnu', { consentVersion: '2' });
    expect(await refusal(open())).toBe('CONSENT_NEEDED');
    expect(await stored()).toMatchObject({ version: 'hotline-1' });
  });
});

test('nobody’s consent is nobody’s', async () => {
  expect(await refusal(consentFor(scene.ctx, 'f'.repeat(24), 'ecnu'))).toBe('NOT_FOUND');
  expect(await refusal(consentFor(scene.ctx, 'guest', 'ecnu'))).toBe('NOT_FOUND');
});
