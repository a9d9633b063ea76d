/** The versions of the consent text: published one after the other, none lost, none overwritten. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DOCUMENTED_CONSENT } from '../../../services/config/consent-text.js';
import { consentFor, giveConsent } from '../../../services/consent/give-consent.js';
import { listConsentTexts, publishConsentText } from '../../../services/consent/texts.js';
import { setPolicy } from '../../../services/policy/policy.js';
import type { Actor } from '../../../services/context.js';
import { NOW, openScene, refusal, type Scene } from '../roster/scene.js';

let scene: Scene;
let admin: Actor;
beforeAll(async () => {
  scene = await openScene();
  admin = (await scene.user('INSTITUTION_ADMINISTRATOR', { name: '管理员' })).actor;
});
afterAll(() => scene.close());
beforeEach(async () => {
  await Promise.all([
    scene.models.Policy.deleteMany({}),
    scene.models.ConsentText.deleteMany({}),
    scene.models.User.deleteMany({ role: 'VISITOR' }),
  ]);
  scene.ctx.policies.drop('ecnu');
});

const list = () => listConsentTexts(scene.ctx, admin);
const publish = (text: string, after: string) => publishConsentText(scene.ctx, admin, { text, after });
const versions = async () => (await list()).map(({ version, text }) => [version, text]);

test('the text that came with the platform is in force from the beginning', async () => {
  expect(await list()).toEqual([
    { version: 'hotline-1', text: DOCUMENTED_CONSENT, from: null, until: null, by: null, given: 0 },
  ]);
});

test('what is published is in force, what was before stays readable, with from, until, by and who agreed', async () => {
  const [first, second] = [await scene.user('VISITOR'), await scene.user('VISITOR')];
  await giveConsent(scene.ctx, first.actor, { version: 'hotline-1', research: false });
  await consentFor(scene.ctx, second.id, 'ecnu');
  await publish('第二版\n第二行', 'hotline-1');
  scene.clock.pass(60_000);
  await consentFor(scene.ctx, second.id, 'ecnu');
  const third = scene.clock.now();
  await publish('第三版', 'hotline-2');
  const by = { id: admin.id, name: '管理员' };
  expect(await list()).toEqual([
    { version: 'hotline-3', text: '第三版', from: third, until: null, by, given: 0 },
    { version: 'hotline-2', text: '第二版\n第二行', from: NOW, until: third, by, given: 1 },
    { version: 'hotline-1', text: DOCUMENTED_CONSENT, from: null, until: NOW, by: null, given: 2 },
  ]);
  expect(await scene.ctx.policies.get('ecnu')).toMatchObject({
    consentVersion: 'hotline-3',
    consentText: '第三版',
  });
  scene.clock.set(NOW);
});

describe('two who publish', () => {
  test('at once: one is told, and nothing of either is lost', async () => {
    const tries = ['甲', '乙', '丙', '丁'].map((text) => publish(text, 'hotline-1'));
    const refused = (await Promise.allSettled(tries)).filter(({ status }) => status === 'rejected');
    expect(refused.map((each) => (each as { reason: { word: string } }).reason.word)).toEqual(
      Array.from({ length: 3 }, () => 'CONFLICT'),
    );
    expect((await versions()).map(([version]) => version)).toEqual(['hotline-2', 'hotline-1']);
  });

  test('one after the other, from the same reading: the second is refused and changes nothing', async () => {
    await publish('甲', 'hotline-1');
    expect(await refusal(publish('乙', 'hotline-1'))).toBe('CONFLICT');
    await publish('丙', 'hotline-2');
    expect(await refusal(publish('乙', 'hotline-1'))).toBe('CONFLICT');
    expect((await versions()).map(([, text]) => text)).toEqual(['丙', '甲', DOCUMENTED_CONSENT]);
  });
});

test('a publication that died half way is one version, and is done by the next try', async () => {
  await scene.models.ConsentText.create({ institution: 'ecnu', version: 'hotline-1' });
  expect(await versions()).toEqual([['hotline-1', DOCUMENTED_CONSENT]]);
  await publish('新的', 'hotline-1');
  expect(await versions()).toEqual([
    ['hotline-2', '新的'],
    ['hotline-1', DOCUMENTED_CONSENT],
  ]);
});

test('the rules’ own way keeps what was before too, and takes no version twice', async () => {
  await setPolicy(scene.ctx, 'ecnu', { consentVersion: '2026 春', consentText: '春' });
  await publish('夏', '2026 春');
  expect(await versions()).toEqual([
    ['2026 春-2', '夏'],
    ['2026 春', '春'],
    ['hotline-1', DOCUMENTED_CONSENT],
  ]);
  expect(await refusal(setPolicy(scene.ctx, 'ecnu', { consentVersion: 'hotline-1' }))).toBe('BAD_INPUT');
  expect(await refusal(publish('夏', '2026 春-2'))).toBe('BAD_INPUT');
});

test('only administrators, and of their own institution', async () => {
  const counselor = await scene.user('COUNSELOR');
  expect(await refusal(listConsentTexts(scene.ctx, counselor.actor))).toBe('FORBIDDEN');
  expect(await refusal(listConsentTexts(scene.ctx, admin, 'other'))).toBe('NOT_FOUND');
  expect(
    await refusal(
      publishConsentText(scene.ctx, admin, { text: 'x', after: 'hotline-1', institution: 'other' }),
    ),
  ).toBe('NOT_FOUND');
});
