import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Config } from '../../../platform/config.js';
import { publicConfig } from '../../../services/config/public-config.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { openScene, refusal, type Scene } from '../roster/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  await scene.models.Institution.create({ _id: 'second', name: '第二中学' });
});
afterAll(() => scene.close());

test('every documented key and label of section 39, word for word', async () => {
  const config = await publicConfig(scene.ctx, null, {});
  expect(config).toMatchObject({
    conversationType: { REQUEST_SUPERVISE: '请求督导', COUNSELING_SESSION: '咨询会话' },
    userRoles: { ROLE_COUNSELOR: '咨询师', ROLE_SUPERVISOR: '督导' },
    counselor: { maxConsults: 5 },
    userType: { VISITOR: '访客', SUPERVISOR: '督导', COUNSELOR: '咨询师' },
    conversationStatus: { IN_PROGRESS: '进行中', TIME_OUT: '已超时', FINISHED: '已结束' },
  });
  // Ours: whatever a conversation or a user can be has a label.
  expect(Object.keys(config.conversationStatus)).toEqual(
    expect.arrayContaining(['WAITING', 'CANCELLED', 'EXPIRED']),
  );
  expect(Object.keys(config.userRoles)).toEqual(
    expect.arrayContaining(['ROLE_INSTITUTION_ADMINISTRATOR', 'ROLE_SYSTEM_ADMINISTRATOR']),
  );
});

test('the documented consent text, as a rich-text component takes it', async () => {
  const { information } = await publicConfig(scene.ctx, null, {});
  expect(information).toHaveLength(1);
  expect(information[0]).toMatchObject({ name: 'p', attrs: { class: 'richText', style: '' } });
  const children = information[0]?.children ?? [];
  expect(children).toHaveLength(33);
  expect(children.filter((_, index) => index % 2 === 1)).toEqual(Array(16).fill({ name: 'br' }));
  const lines = children.filter((_, index) => index % 2 === 0);
  expect(lines.every(({ type, text }) => type === 'text' && typeof text === 'string' && text !== '')).toBe(
    true,
  );
  const text = lines.map((line) => line.text);
  expect(text[0]).toBe(
    '\u00a0\u00a0感谢您对我们热线平台的信任,通过我们平台寻求心理支持。我们平台是华东师范大学应用心理专业硕士的实践服务平台,向签约的服务群体提供心理疏导和支持服务,以及相关的科普教育,本平台不是常规的心理咨询服务和危机干预的热线,更不是心理治疗服务平台,如果您有心理治疗和咨询服务的需求,请联系具有行业资质的心理咨询与治疗机构。',
  );
  expect(text).toContain('1. 每次语音通话时间上限为40分钟,文字沟通时间上线1小时。');
  expect(text).toContain('六、热线服务设置 ');
  expect(text.at(-1)).toBe(
    '2. 同意将我的咨询记录用于科研。(个人信息保密前提下,引用咨询或测评中产生的数据,如测评的分数)',
  );
});

test('ours: consent version, limits in milliseconds, crisis lines, institution, IM id', async () => {
  expect(await publicConfig(scene.ctx, null, {})).toMatchObject({
    consent: { version: 'hotline-1', strict: false },
    institution: { code: 'ecnu', name: 'ecnu' },
    limits: { text: 3_600_000, voice: 2_400_000, waiting: 1_800_000 },
    im: { sdkAppId: null, provider: 'built-in' },
  });
  const withIm = {
    ...scene.ctx,
    config: { ...scene.ctx.config, im: { sdkAppId: 1400000001 }, IM_PROVIDER: 'tencent' as const } as Config,
  };
  expect((await publicConfig(withIm, null, {})).im).toEqual({ sdkAppId: 1400000001, provider: 'tencent' });
  expect((await publicConfig(scene.ctx, null, {})).emergency[0]).toMatchObject({ phone: '12356' });
});

test('an institution’s own rules: of the link, else of the caller, else the default one’s', async () => {
  await setPolicy(scene.ctx, 'second', {
    maxConsults: 2,
    consent: 'strict',
    consentVersion: 's-2',
    consentText: '第一条\n第二条',
  });
  const named = await publicConfig(scene.ctx, null, { institution: 'second' });
  expect(named).toMatchObject({
    counselor: { maxConsults: 2 },
    consent: { version: 's-2', strict: true },
    institution: { code: 'second', name: '第二中学' },
  });
  expect(named.information[0]?.children).toEqual([
    { type: 'text', text: '第一条' },
    { name: 'br' },
    { type: 'text', text: '第二条' },
  ]);
  expect(await publicConfig(scene.ctx, { institution: 'second' }, {})).toEqual(named);
  expect(
    (await publicConfig(scene.ctx, { institution: 'second' }, { institution: 'ecnu' })).institution.code,
  ).toBe('ecnu');
  expect((await publicConfig(scene.ctx, null, {})).counselor.maxConsults).toBe(5);
  expect(await refusal(publicConfig(scene.ctx, null, { institution: 'nowhere' }))).toBe('NOT_FOUND');
});
