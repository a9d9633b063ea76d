/** Messages as tim-js-sdk hands them out (lower-case payload keys), in our kinds. */
import { expect, test } from '@jest/globals';
import { mapSdkMessage, type SdkMessage } from '../../web/shared/tim/map.js';

const CONVERSATION = '64a1f0c2b7e5d3a190a1b2c3';
const FROM = '64a1f0c2b7e5d3a190000001';
const TO = '64a1f0c2b7e5d3a190000002';
const media = (name: string) => `https://cos.ap-shanghai.myqcloud.com/${name}`;

const sdk = (type: string, payload: unknown, more: Partial<SdkMessage> = {}): SdkMessage => ({
  ID: '144115233406643804-1727580296-4026038328',
  type,
  payload,
  conversationID: `C2C${FROM}`,
  from: FROM,
  to: TO,
  time: 1_727_580_296,
  isRevoked: false,
  cloudCustomData: JSON.stringify({ conversationId: CONVERSATION }),
  sequence: 81_310_003,
  random: 4_026_038_328,
  ...more,
});
const content = (type: string, payload: unknown) => {
  const mapped = mapSdkMessage(sdk(type, payload));
  return mapped && [mapped.kind, mapped.text, mapped.data];
};

test('a text keeps words, people and place; seconds become milliseconds', () => {
  expect(mapSdkMessage(sdk('TIMTextElem', { text: '你好\u0000，今天\n有点累' }))).toEqual({
    id: '144115233406643804-1727580296-4026038328',
    conversationId: CONVERSATION,
    seq: null,
    clientMsgId: 'im:81310003_4026038328_1727580296',
    from: FROM,
    to: TO,
    kind: 'text',
    text: '你好，今天\n有点累',
    time: 1_727_580_296_000,
    recalled: false,
  });
});

test('a copy that our server sent there is known by its own seq', () => {
  const copy = sdk(
    'TIMTextElem',
    { text: '在' },
    { cloudCustomData: `{"conversationId":"${CONVERSATION}","messageId":"x","seq":7}` },
  );
  expect(mapSdkMessage(copy)).toMatchObject({ conversationId: CONVERSATION, seq: 7, clientMsgId: null });
  expect(mapSdkMessage(sdk('TIMTextElem', {}, { cloudCustomData: ` ${CONVERSATION} ` }))).toMatchObject({
    conversationId: CONVERSATION,
    text: '[空消息]',
  });
});

test('every element has a kind; media keep what is known and only addresses of Tencent’s storage', () => {
  expect(content('TIMFaceElem', { index: 3, data: '微笑' })).toEqual([
    'emoji',
    '[表情]',
    { source: 'tencent', index: 3, face: '微笑' },
  ]);
  const infos = [
    { type: 1, sizeType: 2, width: 198, height: 100, url: media('thumb') },
    { type: 0, sizeType: 1, width: 1200, height: 800, size: 9_000, url: media('full') },
    { type: 2, sizeType: 3, width: 720, height: 480, url: media('large') },
  ];
  expect(content('TIMImageElem', { uuid: 'u', imageFormat: 1, imageInfoArray: infos })).toEqual([
    'image',
    '[图片]',
    { source: 'tencent', url: media('full'), size: 9_000, width: 1200, height: 800, thumb: media('thumb') },
  ]);
  expect(content('TIMSoundElem', { url: media('s'), size: '2048', second: 4, uuid: 'u' })).toEqual([
    'voice',
    '[语音]',
    { source: 'tencent', url: media('s'), size: 2048, seconds: 4 },
  ]);
  expect(
    content('TIMFileElem', { fileUrl: 'https://evil.example/x', fileName: 'C:\\secret\\a.pdf', fileSize: 5 }),
  ).toEqual(['file', '[文件]', { source: 'tencent', size: 5, name: 'a.pdf' }]);
  expect(
    content('TIMVideoFileElem', {
      videoUrl: 'blob:x',
      remoteVideoUrl: media('v'),
      videoSize: 7,
      videoSecond: 2,
      thumbUrl: media('t'),
    }),
  ).toEqual([
    'file',
    '[视频]',
    { source: 'tencent', media: 'video', url: media('v'), size: 7, seconds: 2, thumb: media('t') },
  ]);
  expect(content('TIMLocationElem', { description: '图书馆', latitude: 31, longitude: 121 })?.[1]).toBe(
    '[位置] 图书馆',
  );
  expect(content('TIMCustomElem', { data: '{}', description: '', extension: '' })?.[1]).toBe('[自定义消息]');
  expect(content('TIMRelayElem', { title: '聊天记录', abstractList: ['a'] })?.[1]).toBe(
    '[合并转发的消息] 聊天记录',
  );
  expect(content('TIMNewElem', null)).toEqual(['text', '[暂不支持的消息]', { source: 'tencent' }]);
});

test('a recalled one says nothing; what is none of ours has no conversation; groups are left out', () => {
  expect(mapSdkMessage(sdk('TIMTextElem', { text: '收回' }, { isRevoked: true }))).toMatchObject({
    recalled: true,
    text: '',
  });
  for (const cloudCustomData of [
    '',
    'x',
    '{"conversationId":"../../x"}',
    '[]',
    'null',
    undefined,
    `{"conversationId":"${CONVERSATION}"${' '.repeat(9_000)}}`,
  ])
    expect(mapSdkMessage(sdk('TIMTextElem', { text: 'a' }, { cloudCustomData }))?.conversationId).toBeNull();
  expect(mapSdkMessage(sdk('TIMTextElem', { text: 'a' }, { conversationID: 'GROUPx' }))).toBeNull();
  expect(mapSdkMessage({ ID: 1 })).toBeNull();
  expect(mapSdkMessage(sdk('TIMTextElem', { text: 'a' }, { sequence: undefined }))?.clientMsgId).toBeNull();
  expect(mapSdkMessage(sdk('constructor', { imageInfoArray: 3 }))?.text).toBe('[暂不支持的消息]');
});
