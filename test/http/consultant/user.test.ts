/** Second document, 个人中心 and the account’s end. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { Types } from 'mongoose';
import { seal } from '../../../platform/keyring.js';
import { openTexts } from '../../../services/record/consultation-body.js';
import { openKey } from '../../../services/record/keys.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson } from '../../support/factories.js';
import { ask, codeFor, register } from './client.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ env: { CODES_PER_ADDRESS: '1000' } });
});
afterAll(() => hotline.stop());

const ctx = () => hotline.node.ctx;
const url = () => hotline.node.url;
interface Who {
  userID: number;
  token: string;
}
const say = (who: Who, path: string, body: Record<string, unknown> = {}) =>
  ask(url(), `/api/consultant/${path}`, { userID: who.userID, token: who.token, ...body });
const AUTH = { code: 401, message: '认证失败：用户ID与Token不匹配或Token已过期' };
async function freshCode(email: string, channel: 'email' | 'phone' = 'email'): Promise<string> {
  await ctx().redis.del(...(await ctx().redis.keys(`${ctx().config.KEY_PREFIX}:{limits}:code-minute:*`)));
  await ask(url(), `/api/consultant/auth/${channel}`, { [channel]: email });
  return codeFor(ctx(), url(), email);
}

describe('who is calling', () => {
  test('userID and token must belong together, wherever the token stands', async () => {
    const one = await register(ctx(), url(), 'dialect1');
    const two = await register(ctx(), url(), 'dialect2');
    const path = '/api/consultant/user/profile';
    const good: [Record<string, unknown> | URLSearchParams, Record<string, string>][] = [
      [{ userID: one.userID, token: one.token }, {}],
      [{ userID: String(one.userID), token: one.token }, {}],
      [{ user_id: one.userID, token: one.token }, {}],
      [new URLSearchParams({ userID: String(one.userID), token: one.token }), {}],
      [{ userID: one.userID }, { authorization: `Bearer ${one.token}` }],
      [{ userID: one.userID }, { authorization: one.token }],
    ];
    for (const [body, headers] of good) expect((await ask(url(), path, body, headers)).body.code).toBe(0);
    const bad: [Record<string, unknown>, Record<string, string>][] = [
      [{}, {}],
      [{ userID: one.userID }, {}],
      [{ token: one.token }, {}],
      [{ userID: two.userID, token: one.token }, {}],
      [{ userID: 'abc', token: one.token }, {}],
      [{ userID: { $gt: 0 }, token: one.token }, {}],
      [{ userID: one.userID, token: `${one.token}x` }, {}],
      [{ userID: one.userID, token: 12 }, {}],
      // The body decides.
      [{ userID: one.userID, token: 'wrong' }, { authorization: `Bearer ${one.token}` }],
      [{ userID: one.userID, user_id: two.userID, token: one.token }, {}],
    ];
    for (const [body, headers] of bad) {
      const answer = await ask(url(), path, body, headers);
      expect([body, answer.status, answer.body]).toEqual([body, 200, AUTH]);
    }
    // A multipart form is read whole before the caller is known.
    const form = new FormData();
    form.set('userID', String(one.userID));
    form.set('token', one.token);
    expect((await ask(url(), path, form)).body.code).toBe(0);
  });

  test('others than consultants are 403; a consultant’s token lives seven days', async () => {
    for (const role of [
      'VISITOR',
      'SUPERVISOR',
      'INSTITUTION_ADMINISTRATOR',
      'SYSTEM_ADMINISTRATOR',
    ] as const) {
      const person = await makePerson(ctx(), role);
      const answer = await say({ userID: person.user.userID, token: person.token }, 'user/profile');
      expect([role, answer.status, answer.body.code]).toEqual([role, 200, 403]);
    }
    const one = await register(ctx(), url(), 'longlived');
    const user = await ctx().models.User.findOne({ userID: one.userID }).lean();
    const session = await ctx().models.Session.findOne({ user: user!._id }).lean();
    expect(session!.absoluteEnd.getTime() - session!.createdAt.getTime()).toBe(7 * 86_400_000);
  });
});

const PROFILE = {
  username: 'profiled',
  name: '王医生',
  phone: '13711112222',
  email: 'new@example.com',
  organization: '某大学心理中心',
  introduction: '简介',
  experience: '十年',
  expertise: '焦虑、抑郁',
  education: '博士',
  certifications: '注册系统',
};

describe('profile', () => {
  test('every field is "" until written; what is sent is overwritten, what is not stays', async () => {
    const one = await register(ctx(), url(), 'blank');
    const empty = { avatar: '', name: '', phone: '', organization: '', introduction: '', experience: '' };
    expect((await say(one, 'user/profile')).body).toEqual({
      code: 0,
      message: 'OK',
      data: {
        ...empty,
        username: 'blank',
        email: one.email,
        expertise: '',
        education: '',
        certifications: '',
      },
    });
    const updated = await say(one, 'user/updateProfile', { profile: PROFILE });
    expect(updated.body).toEqual({ code: 0, message: 'OK' });
    expect((await say(one, 'user/profile')).body.data).toEqual({ avatar: '', ...PROFILE });
    await say(one, 'user/updateProfile', { profile: { introduction: '', role: 'SYSTEM_ADMINISTRATOR' } });
    expect((await say(one, 'user/profile')).body.data).toEqual({ avatar: '', ...PROFILE, introduction: '' });
    const stored = await ctx().models.User.findOne({ userID: one.userID }).lean();
    expect([stored!.role, stored!.institution]).toEqual(['COUNSELOR', `alone:${String(one.userID)}`]);
    expect(JSON.stringify(stored)).not.toContain('13711112222');
  });

  test('a phone that no code proved signs nobody in; the proved e-mail goes on', async () => {
    const one = await register(ctx(), url(), 'unproved');
    await say(one, 'user/updateProfile', { profile: { phone: '13700000009', email: 'other@example.com' } });
    const logIn = (accountType: string, account: string, credential = one.password, loginType = 'password') =>
      ask(url(), '/api/consultant/auth/login', { loginType, accountType, account, credential });
    expect((await logIn('phone', '13700000009')).body.code).toBe(400);
    expect(
      (await logIn('phone', '13700000009', await freshCode('13700000009', 'phone'), 'code')).body.code,
    ).toBe(400);
    expect((await logIn('email', 'other@example.com')).body.code).toBe(400);
    expect((await logIn('email', one.email)).body.code).toBe(0);
    // Its true holder registers with it, and it is theirs.
    const holder = await ask(url(), '/api/consultant/auth/register', {
      userName: 'holder',
      account: '13700000009',
      accountType: 'phone',
      password: 'holder-pass-8620',
      verificationCode: await freshCode('13700000009', 'phone'),
    });
    expect(holder.body.code).toBe(0);
    expect((await say(one, 'user/profile')).body.data.phone).toBe('');
    expect((await logIn('phone', '13700000009', 'holder-pass-8620')).body.data.userInfo.userName).toBe(
      'holder',
    );
  });

  test('a name, phone or e-mail of somebody else is 409; a wrong one 400', async () => {
    const one = await register(ctx(), url(), 'unique1');
    const two = await register(ctx(), url(), 'unique2');
    await say(one, 'user/updateProfile', { profile: { phone: '13700000010' } });
    for (const profile of [
      { username: 'unique1' },
      { phone: '137 0000 0010' },
      { email: one.email.toUpperCase() },
    ]) {
      const answer = await say(two, 'user/updateProfile', { profile });
      expect([profile, answer.body.code]).toEqual([profile, 409]);
    }
    for (const profile of [
      undefined,
      'x',
      { username: '' },
      { phone: 'abc' },
      { email: 'abc' },
      { name: ['x'] },
    ]) {
      const answer = await say(two, 'user/updateProfile', { profile });
      expect([profile, answer.body.code]).toEqual([profile, 400]);
    }
  });
});

describe('avatar', () => {
  const png = () =>
    sharp({ create: { width: 1200, height: 800, channels: 3, background: '#336699' } })
      .withExif({ IFD0: { Copyright: 'canary-exif' } })
      .png()
      .toBuffer();
  const upload = (who: Who, bytes: Buffer, name = '头像.png', type = 'image/png') => {
    const form = new FormData();
    // The document's order: the file may come before anything else.
    form.set('avatar', new Blob([new Uint8Array(bytes)], { type }), name);
    form.set('userID', String(who.userID));
    form.set('token', who.token);
    return ask(url(), '/api/consultant/updateAvatar', form);
  };

  test('is re-encoded, square, without metadata, shown without a token; the old one goes', async () => {
    const one = await register(ctx(), url(), 'pictured');
    const first = await upload(one, await png());
    expect(first.body).toEqual({ code: 0, message: 'OK', data: { avatar: expect.any(String) } });
    const shown = await fetch(url() + (first.body.data.avatar as string));
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const bytes = Buffer.from(await shown.arrayBuffer());
    const { width, height, exif, format } = await sharp(bytes).metadata();
    expect([width, height, exif, format]).toEqual([512, 512, undefined, 'webp']);
    const second = await upload(one, await png());
    expect((await fetch(url() + (first.body.data.avatar as string))).status).toBe(404);
    expect((await say(one, 'user/profile')).body.data.avatar).toBe(second.body.data.avatar);
  });

  test('only pictures by content, 5 MB, and only for the caller known', async () => {
    const one = await register(ctx(), url(), 'pictured2');
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>',
    );
    const cut = (await png()).subarray(0, 200);
    for (const bytes of [svg, cut, Buffer.from('GIF89a........'), Buffer.alloc(0)])
      expect((await upload(one, bytes)).body.code).toBe(400);
    const large = await upload(one, Buffer.concat([await png(), Buffer.alloc(5 * 1_048_576)]));
    expect([large.status, large.body.code]).toEqual([200, 413]);
    expect((await upload({ ...one, token: 'x' }, await png())).body).toEqual(AUTH);
    expect((await say(one, 'updateAvatar')).body.code).toBe(400);
  });
});

test('comments are the visitors’ ratings, newest first, masked; in both spellings', async () => {
  const counselor = await makeCounselor(ctx());
  const visitor = await makePerson(ctx(), 'VISITOR', { name: '赵小小' });
  const supervisor = await makePerson(ctx(), 'SUPERVISOR');
  const rate = async (rater: Types.ObjectId, level: number | null, words: string | null, minute: number) => {
    const conversation = new Types.ObjectId();
    const keyId = await ctx().keys.createForConversation(conversation, 'ecnu');
    await ctx().models.Conversation.create({
      _id: conversation,
      key: keyId,
      type: 'COUNSELING_SESSION',
      status: 'FINISHED',
      institution: 'ecnu',
      visitor: visitor.user._id,
      counselor: counselor.user._id,
      consentVersion: 'x',
    });
    const _id = new Types.ObjectId();
    const key = await ctx().keys.conversation(keyId.toHexString());
    await ctx().models.Evaluation.create({
      _id,
      conversation,
      objectType: 'COUNSELOR',
      rater,
      counselor: counselor.user._id,
      institution: 'ecnu',
      level,
      content: words && seal(key, Buffer.from(words), ['evaluations', 'content', _id.toHexString(), 'ecnu']),
      at: new Date(Date.UTC(2026, 0, 1, 16, minute)),
    });
    return _id.toHexString();
  };
  await rate(visitor.user._id, 5, '很有帮助', 1);
  const newest = await rate(visitor.user._id, null, null, 2);
  await rate(supervisor.user._id, 3, 'supervision', 3);
  const who = { userID: counselor.user.userID, token: counselor.token };
  for (const spelling of ['consuntant', 'consultant']) {
    const path = `/api/${spelling}/user/comments`;
    const { body } = await ask(url(), path, { ...who, page: 1, pageSize: 10 });
    expect(body.data).toMatchObject([
      { id: newest, rating: '', content: '', name: '赵**', username: '赵**', organization: '测试机构' },
      { rating: '5', content: '很有帮助', time: '2026-01-02 00:01:00', avatar: '' },
    ]);
    expect((await ask(url(), path, { ...who, page: 2, pageSize: 1 })).body.data).toHaveLength(1);
  }
});

describe('the account', () => {
  test('a reset sets the password for both APIs and ends every session; wrong code and unknown account are one answer', async () => {
    const one = await register(ctx(), url(), 'forgetful');
    const reset = (fields: Record<string, unknown>) =>
      ask(url(), '/api/consultant/auth/reset-password', {
        accountType: 'email',
        account: one.email,
        newPassword: 'brand-new-8620',
        ...fields,
      });
    const wrong = await reset({ verificationCode: '000000' });
    const unknown = await reset({ account: 'who@example.com', verificationCode: '000000' });
    expect(wrong.body).toEqual({ code: 400, message: '验证码不正确或已过期，请核对后重试或重新获取。' });
    expect(unknown.body).toEqual(wrong.body);
    expect((await reset({ verificationCode: await freshCode(one.email) })).body).toEqual({
      code: 0,
      message: 'OK',
    });
    expect((await say(one, 'user/profile')).body).toEqual(AUTH);
    const logIn = (credential: string) =>
      ask(url(), '/api/consultant/auth/login', {
        loginType: 'password',
        accountType: 'email',
        account: one.email,
        credential,
      });
    expect((await logIn(one.password)).body.code).toBe(400);
    expect((await logIn('brand-new-8620')).body.code).toBe(0);
  });

  test('ends by its own account and code only: data erased, name masked, orders refused, name free again', async () => {
    const one = await register(ctx(), url(), 'leaving');
    const two = await register(ctx(), url(), 'staying');
    await say(one, 'user/updateProfile', {
      profile: { name: '钱多多', introduction: 'canary-introduction' },
    });
    const made = await say(one, 'orders/create', {
      name: '来访者',
      age: 20,
      gender: '男',
      type: '在线咨询',
      date: '2033-01-01',
      time: '09:00',
      contact: 'wx-client',
      key_word: [],
    });
    const form = new FormData();
    const fields = {
      token: one.token,
      name: '来访者',
      description: '谈了考试',
      consultantName: '钱多多（初级）',
    };
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    await ask(url(), '/api/consultant/interview/records/profile/create', form);
    const end = (fields: Record<string, unknown>) =>
      ask(url(), '/api/consultant/auth/deactivate', {
        token: one.token,
        accountType: 'email',
        account: one.email,
        ...fields,
      });
    expect((await end({ verificationCode: '000000' })).body.code).toBe(400);
    const foreign = await end({ account: two.email, verificationCode: await freshCode(two.email) });
    expect(foreign.body.code).toBe(400);
    expect((await end({ userID: two.userID, verificationCode: '1' })).body).toEqual(AUTH);
    expect((await end({ verificationCode: await freshCode(one.email) })).body).toEqual({
      code: 0,
      message: 'OK',
    });
    expect((await say(one, 'user/profile')).body).toEqual(AUTH);
    const stored = await ctx().models.User.findOne({ userID: one.userID }).lean();
    expect(stored).toMatchObject({
      name: '钱**',
      phone: null,
      email: null,
      emailIndex: null,
      profile: null,
      deleted: true,
    });
    expect(stored).not.toHaveProperty('emailLogIn');
    expect(stored).not.toHaveProperty('passwordHash');
    expect((await ctx().models.Order.findOne({ caseID: made.body.id }).lean())!.status).toBe('REJECTED');
    // The case file is kept, under its own key, with the name masked.
    const kept = await ctx().models.Consultation.findOne({ consultant: stored!._id }).lean();
    const record = await ctx().models.InterviewRecord.findById(kept!.record).lean();
    expect(openTexts(await openKey(ctx(), record!), kept!)).toMatchObject({
      description: '谈了考试',
      consultantName: '钱**（初级）',
    });
    // Name and address are free again.
    await ctx().redis.del(...(await ctx().redis.keys(`${ctx().config.KEY_PREFIX}:{limits}:code-minute:*`)));
    expect((await register(ctx(), url(), 'leaving')).userID).not.toBe(one.userID);
  });

  test('a consultant without institution sees and is seen by nobody', async () => {
    const one = await register(ctx(), url(), 'alone1');
    await register(ctx(), url(), 'alone2');
    const staff = await http(url(), 'GET', '/user/ms/counselor/list?size=200', { token: one.token });
    const rows = staff.body.result as { username: string }[];
    expect(rows.map(({ username }) => username)).toEqual(['alone1']);
    const visitor = await makePerson(ctx(), 'VISITOR');
    const shown = await http(url(), 'GET', '/user/ms/counselor/list?size=200', { token: visitor.token });
    expect(JSON.stringify(shown.body)).not.toContain('alone');
  });
});
