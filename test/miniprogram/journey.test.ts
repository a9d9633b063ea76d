/** The mini-program as it is shipped, on a phone of wx.* only, against the real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { setPolicy } from '../../services/policy/policy.js';
import { startWechatStandIn } from '../../stand-ins/wechat.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, type TestSocket } from '../support/clients.js';
import { makeCounselor, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';
import { buildMiniprogram, startPhone, type Phone } from './phone.js';

let hotline: Hotline;
let wechat: Awaited<ReturnType<typeof startWechatStandIn>>;
let counselor: Person;
let desk: TestSocket;
const dist = mkdtempSync(join(tmpdir(), 'miniprogram-'));
const phones: Phone[] = [];
let serial = 0;

beforeAll(async () => {
  wechat = await startWechatStandIn();
  hotline = await startHotline({ env: { WECHAT_URL: wechat.url, DEMO: '1' } });
  await buildMiniprogram(dist, hotline.node.url);
  counselor = await makeCounselor(hotline.node.ctx, 50);
  desk = await connect(hotline.node.url, counselor.token);
});
afterEach(() => {
  for (const phone of phones.splice(0)) phone.off();
});
afterAll(async () => {
  desk.close();
  await hotline.stop();
  await wechat.close();
  rmSync(dist, { recursive: true, force: true });
});

const at = (phone: Phone, page: string) =>
  until(() => phone.screen().path === `pages/${page}/${page}`, `at ${page}`);
interface Row {
  side: 'own' | 'other' | 'system';
  text: string;
  quote: string;
  error: string;
  messageId: string;
  attachment: string;
}
const rows = (phone: Phone): Row[] =>
  (phone.screen().data['rows'] as Row[]).filter(({ side }) => side !== 'system');
const last = (phone: Phone): Row | undefined => rows(phone).at(-1);
const texts = (phone: Phone): string[] => rows(phone).map(({ text }) => text);

async function home(person = `p${String((serial += 1))}`) {
  const phone = startPhone(dist, person);
  phones.push(phone);
  await until(() => phone.screen().data['phase'] === 'ready', 'home is ready');
  return phone;
}

/** From the first tap to somebody who listens. */
async function inConversation() {
  const phone = await home();
  await phone.screen().do('start');
  await at(phone, 'consent');
  await phone.screen().do('agree');
  await at(phone, 'chat');
  const told = await until(
    () => phone.screen().data['waiting'] === false && phone.screen().data['id'],
    'served',
  );
  const id = String(told);
  return {
    phone,
    id,
    say: (text: string) =>
      desk.must('message:send', {
        conversationId: id,
        clientMsgId: `d${String(Math.random())}`,
        kind: 'text',
        text,
      }),
    write(text: string) {
      phone.screen().do('write', { detail: { value: text } });
      phone.screen().do('send');
    },
    atDesk: async () =>
      (await hotline.node.ctx.models.Message.find({ conversation: id }).sort({ seq: 1 }).lean()).filter(
        ({ kind }) => kind !== 'system',
      ).length,
  };
}

test('signs in by wx.login, agrees to the text that the server has, and is served', async () => {
  const phone = await home();
  expect(phone.wx.seen).toEqual(['login']);
  expect(phone.screen().data).toMatchObject({ title: '测试机构', heading: '有些话，可以慢慢说' });
  await phone.screen().do('start');
  await at(phone, 'consent');
  expect(JSON.stringify(phone.screen().data['nodes'])).toContain('感谢您对我们热线平台的信任');
  phone.screen().do('choose');
  phone.screen().do('write', { detail: { value: '小林' } });
  await phone.screen().do('agree');
  await at(phone, 'chat');
  expect(phone.depth()).toBe(1);
  await until(() => phone.screen().data['waiting'] === false, 'served');
  expect(phone.screen().data['title']).toBe(counselor.user.name);
  const conversation = await hotline.node.ctx.models.Conversation.findById(phone.screen().data['id']).lean();
  const visitor = await hotline.node.ctx.models.User.findById(conversation?.visitor).lean();
  expect(visitor).toMatchObject({ name: '小林', consent: { research: true, by: 'form' } });
  // The device knows which text was agreed to and nothing else.
  expect([...phone.wx.storage.keys()]).toEqual(['hl.consent']);
});

test('both sides talk, see each other type and read, and end', async () => {
  const { phone, id, say, write } = await inConversation();
  write('我最近睡不好');
  await desk.hear(
    'message:created',
    ({ conversationId, text }) => conversationId === id && text === '我最近睡不好',
  );
  await say('愿意多说一点吗？');
  await until(() => texts(phone).length === 2, 'the answer');
  expect(texts(phone)).toEqual(['我最近睡不好', '愿意多说一点吗？']);
  await desk.hear(
    'message:read',
    ({ conversationId, userId }) => conversationId === id && userId !== counselor.id,
  );
  await desk.must('typing:set', { conversationId: id, on: true });
  await until(() => String(phone.screen().data['typing']).includes('正在输入'), 'typing is shown');
  phone.screen().do('askEnd');
  expect(phone.screen().data['ending']).toBe(true);
  phone.screen().do('end');
  await at(phone, 'ended');
  await until(() => phone.screen().data['mayRate'] === true, 'may rate');
  phone.screen().do('transcript');
  await at(phone, 'transcript');
  await until(() => texts(phone).length === 2, 'the transcript');
});

test('a minute in the background loses nothing and doubles nothing', async () => {
  const { phone, id, say, write, atDesk } = await inConversation();
  write('一');
  await until(() => texts(phone).length === 1, 'sent');
  const before = phone.wx.sockets;
  phone.hide();
  await say('二');
  await say('三');
  expect(texts(phone)).toEqual(['一']);
  phone.show(60_000);
  // Written in the very moment of coming back, before any line is up again.
  write('四');
  await until(() => texts(phone).length === 4, 'everything is there', 5_000);
  expect(texts(phone)).toEqual(['一', '二', '三', '四']);
  await until(() => rows(phone).every(({ messageId }) => messageId !== ''), 'stored, all of them');
  expect(phone.wx.sockets).toBe(before + 1);
  expect(await atDesk()).toBe(4);
  await say('五');
  await until(() => texts(phone).at(-1) === '五', 'heard again');
  expect(id).toBe(phone.screen().data['id']);
});

test('without a network it says so, keeps what was written, and sends it once', async () => {
  const { phone, write, atDesk } = await inConversation();
  phone.wx.offline = true;
  phone.hide();
  phone.show(6_000);
  write('写在没有网络的时候');
  await until(() => phone.screen().data['banner'].words !== '', 'the banner', 10_000);
  expect(last(phone)).toMatchObject({ side: 'own', text: '写在没有网络的时候' });
  phone.wx.offline = false;
  await until(atDesk, 'it arrived', 20_000);
  await until(() => phone.screen().data['banner'].words === '', 'well again', 20_000);
  expect([await atDesk(), texts(phone)]).toEqual([1, ['写在没有网络的时候']]);
});

describe('what a finger does with a line', () => {
  test('quotes, and takes back', async () => {
    const { phone, say, write, id } = await inConversation();
    await say('今天怎么样？');
    await until(() => texts(phone).length === 1, 'asked');
    phone.wx.says.choose = '引用';
    phone.screen().do('menu', { detail: { row: last(phone) } });
    expect(phone.wx.seen.at(-1)).toBe('sheet 引用|复制');
    write('好一些了');
    await until(() => texts(phone).length === 2 && last(phone)?.messageId, 'stored');
    expect(last(phone)).toMatchObject({ text: '好一些了', quote: '今天怎么样？' });
    phone.wx.says.choose = '撤回';
    phone.screen().do('menu', { detail: { row: last(phone) } });
    expect(phone.wx.seen.at(-1)).toBe('sheet 引用|复制|撤回');
    await desk.hear('message:recalled', ({ conversationId }) => conversationId === id);
    await until(() => texts(phone).at(-1) === '这条消息已撤回', 'taken back');
  });

  test('sends a picture', async () => {
    const { phone, id } = await inConversation();
    const picture = join(dist, 'picture.png');
    writeFileSync(
      picture,
      await sharp({ create: { width: 320, height: 200, channels: 3, background: '#7a9' } })
        .png()
        .toBuffer(),
    );
    phone.wx.files.set(picture, picture);
    phone.screen().do('picture');
    const told = await desk.hear(
      'message:created',
      ({ conversationId, kind }) => conversationId === id && kind === 'image',
    );
    expect(told.attachment).toMatchObject({ width: 320, height: 200, thumb: true });
    await until(() => last(phone)?.attachment === told.attachment?.id, 'shown');
    phone.screen().do('press', { detail: { row: last(phone) } });
    await until(() => phone.wx.seen.some((line) => line.startsWith('preview ')), 'opened');
  });
});

test('the phone that WeChat tells is read by either form of its button', async () => {
  const phone = await home();
  phone.screen().do('intake');
  const fill = (detail: object) =>
    phone.screen().do('fill', { detail: { errMsg: 'getPhoneNumber:ok', ...detail } });
  await fill({ code: 'demo:13800138000' });
  expect(phone.screen().data).toMatchObject({ phone: '13800138000', error: '' });
  const me = await hotline.node.ctx.models.User.findOne(
    { wechat: /^wxdemo/ },
    {},
    { sort: { _id: -1 } },
  ).lean();
  // A refused code and the older form beside it, as newer WeChat gives both.
  await fill({ code: 'invalid', ...wechat.encryptPhone(me?.openId ?? '', '13900139000') });
  expect(phone.screen().data['phone']).toBe('13900139000');
  await phone.screen().do('save');
  await at(phone, 'home');
});

describe('what is not a conversation', () => {
  beforeAll(async () => {
    await desk.must('presence:set', { state: 'away' });
    await hotline.node.ctx.models.Duty.updateOne(
      { _id: counselor.user._id },
      { $set: { languages: ['英语'] } },
    );
  });
  afterAll(async () => {
    await desk.must('presence:set', { state: 'online' });
  });

  test('questions and wishes of who waits are sent once, and what was wished for is shown again', async () => {
    const phone = await home();
    await phone.screen().do('start');
    await phone.screen().do('agree');
    await at(phone, 'chat');
    const id = String(await until(() => phone.screen().data['id'], 'a place'));
    await until(() => phone.screen().data['askable'], 'may be asked');
    phone.screen().do('ask');
    await at(phone, 'ask');
    const asked = async () => {
      await until(() => phone.screen().data['busy'] === false, 'asked');
      return phone.screen().data['questions'] as { id: string; of: string; chosen: string }[];
    };
    const questions = await asked();
    expect(questions.map(({ of }) => of)).toEqual(['intake', 'intake', 'wish']);
    const choose = (question: string, option: string) =>
      phone.screen().do('choose', {
        dataset: { index: questions.findIndex((each) => each.id === question), option },
      });
    choose('danger', 'yes');
    choose('language', '英语');
    await phone.screen().do('send');
    await at(phone, 'chat');
    const row = await hotline.node.ctx.models.Conversation.findById(id).lean();
    expect(row).toMatchObject({ urgency: 'high' });
    phone.screen().do('ask');
    expect(await asked()).toMatchObject([{ id: 'language', of: 'wish', chosen: '英语' }]);
  });

  test('where they are asked of everybody they come by themselves, and writing waits for them', async () => {
    const { ctx } = hotline.node;
    await setPolicy(ctx, 'ecnu', { intakeRequired: true });
    const phone = await home();
    await phone.screen().do('start');
    await phone.screen().do('agree');
    await at(phone, 'ask');
    await until(() => phone.screen().data['busy'] === false, 'asked');
    expect(phone.screen().data['required']).toBe(true);
    const questions = phone.screen().data['questions'] as { of: string }[];
    const choose = (index: number) => phone.screen().do('choose', { dataset: { index, option: 'no' } });
    choose(0);
    await phone.screen().do('send');
    expect(phone.screen().data['error']).toBe('请回答全部问题。');
    questions.forEach(({ of }, index) => {
      if (of === 'intake') choose(index);
    });
    await phone.screen().do('send');
    await at(phone, 'chat');
    await until(() => phone.screen().data['held'] === false, 'may write');
    await setPolicy(ctx, 'ecnu', { intakeRequired: false });
  });

  test('a letter is kept while the consent is asked for, and is left once', async () => {
    const phone = await home();
    await until(() => phone.screen().data['letter'], 'nobody is there');
    phone.screen().do('letter');
    await at(phone, 'letter');
    phone.screen().do('write', { detail: { value: '今晚睡不着' }, dataset: { field: 'text' } });
    await phone.screen().do('send');
    await at(phone, 'consent');
    await phone.screen().do('agree');
    await at(phone, 'letter');
    expect(phone.screen().data).toMatchObject({ text: '今晚睡不着', state: '' });
    await phone.screen().do('send');
    expect(phone.screen().data).toMatchObject({ text: '', state: '你的留言已经收到，还在等老师查看。' });
  });

  test('to be erased is asked for, and taken back', async () => {
    const phone = await home();
    phone.screen().do('history');
    phone.screen().do('erase');
    await at(phone, 'erase');
    await until(() => phone.screen().data['state'] === 'NONE', 'nothing yet');
    phone.screen().do('ask');
    await phone.screen().do('confirm');
    expect(phone.screen().data).toMatchObject({ state: 'ASKED', asking: false });
    expect(phone.wx.seen.at(-1)).toBe('scroll 0');
    expect(String(phone.screen().data['standing'])).toContain('正在等待处理');
    await phone.screen().do('withdraw');
    expect(phone.screen().data).toMatchObject({ state: 'NONE', standing: [] });
  });
});

test('the quick exit ends the conversation, forgets, and closes', async () => {
  const { phone, id } = await inConversation();
  phone.part('components/header/header').do('leave');
  await desk.hear('conversation:updated', (told) => told.id === id && told.status === 'FINISHED');
  expect(phone.wx.seen.at(-1)).toBe('exit');
  expect([...phone.wx.storage]).toEqual([]);
});

test('a visitor who waits may ask for one notice of WeChat', async () => {
  await hotline.node.ctx.models.Duty.updateOne({ _id: counselor.user._id }, { $set: { maxConsults: 0 } });
  const phone = await home();
  await phone.screen().do('start');
  await phone.screen().do('agree');
  await at(phone, 'chat');
  await until(() => phone.screen().data['template'] === 'demo-counselor-ready', 'may be asked for');
  expect(phone.screen().data).toMatchObject({
    waiting: true,
    place: { position: '1', words: '下一位就是你' },
  });
  await phone.screen().do('remind');
  expect(phone.wx.seen.at(-1)).toBe('subscribe demo-counselor-ready');
  expect(phone.screen().data['reminder']).toBe('接通时会用微信提醒你一次');
  const open = await hotline.node.ctx.models.Conversation.findById(phone.screen().data['id']).lean();
  expect(await hotline.node.ctx.models.User.findById(open?.visitor).lean()).toMatchObject({
    subscribe: true,
  });
});
