import { expect, test } from '@jest/globals';
import { mapElement } from '../../../services/im/elements.js';

const URL_ = 'https://cos.ap-shanghai.myqcloud.com/005f/picture.jpg';
const map = (MsgType: string, MsgContent: Record<string, unknown>) => mapElement({ MsgType, MsgContent });

test.each([
  ['text', map('TIMTextElem', { Text: '你好\u0000' }), { kind: 'text', body: { text: '你好' } }],
  ['empty text', map('TIMTextElem', {}), { kind: 'text', body: { text: '[空消息]' } }],
  [
    'face',
    map('TIMFaceElem', { Index: '6', Data: 'tt01' }),
    { kind: 'emoji', body: { text: '[表情]', data: { source: 'tencent', index: 6, face: 'tt01' } } },
  ],
  [
    'image, by Type whatever the order',
    map('TIMImageElem', {
      UUID: 'u',
      ImageInfoArray: [
        { Type: 3, URL: `${URL_}?thumb`, Size: 0 },
        { Type: 1, URL: URL_, Size: '1853095', Width: 2448, Height: 3264 },
      ],
    }),
    {
      kind: 'image',
      body: {
        text: '[图片]',
        data: {
          source: 'tencent',
          url: URL_,
          size: 1853095,
          width: 2448,
          height: 3264,
          thumb: `${URL_}?thumb`,
        },
      },
    },
  ],
  [
    'sound',
    map('TIMSoundElem', { Url: URL_, Size: 62351, Second: 1 }),
    {
      kind: 'voice',
      body: { text: '[语音]', data: { source: 'tencent', url: URL_, size: 62351, seconds: 1 } },
    },
  ],
  [
    'file, its path cut to a name',
    map('TIMFileElem', { Url: URL_, FileSize: 1773552, FileName: 'C:\\Users\\x\\..\\附件.docx' }),
    {
      kind: 'file',
      body: { text: '[文件]', data: { source: 'tencent', url: URL_, size: 1773552, name: '附件.docx' } },
    },
  ],
  [
    'video',
    map('TIMVideoFileElem', {
      VideoUrl: URL_,
      VideoSize: 9,
      VideoSecond: 3,
      ThumbUrl: 'javascript:alert(1)',
    }),
    {
      kind: 'file',
      body: { text: '[视频]', data: { source: 'tencent', media: 'video', url: URL_, size: 9, seconds: 3 } },
    },
  ],
  [
    'location',
    map('TIMLocationElem', { Desc: '图书馆', Latitude: 1, Longitude: 2 }),
    { kind: 'text', body: { text: '[位置] 图书馆' } },
  ],
  [
    'custom',
    map('TIMCustomElem', { Data: '{}', Desc: '' }),
    { kind: 'text', body: { text: '[自定义消息]' } },
  ],
  ['relay', map('TIMRelayElem', {}), { kind: 'text', body: { text: '[合并转发的消息]' } }],
  ['unknown', map('TIMNewElem', { a: 1 }), { kind: 'text', body: { text: '[暂不支持的消息]' } }],
  ['__proto__', map('__proto__', {}), { kind: 'text' }],
  ['constructor', map('constructor', {}), { kind: 'text' }],
])('%s', (_name, mapped, expected) => {
  expect(mapped).toMatchObject(expected);
});

test('hostile content never fails, and an address that is not Tencent’s is not passed on', () => {
  for (const type of [
    'TIMTextElem',
    'TIMImageElem',
    'TIMSoundElem',
    'TIMFileElem',
    'TIMFaceElem',
    'TIMVideoFileElem',
  ])
    for (const value of [null, 1, [], {}, [null], 'x'.repeat(10_000), '\ud800'])
      expect(
        map(type, { Text: value, ImageInfoArray: value, Url: value, FileName: value, Data: value }).body.text,
      ).toBeTruthy();
  for (const Url of ['https://evil.example/x', 'https://myqcloud.com.evil.example/', 'file:///etc/passwd'])
    expect(map('TIMSoundElem', { Url }).body.data).toEqual({ source: 'tencent' });
  expect(map('TIMCustomElem', { Data: 'x'.repeat(10_000) }).body.data).toMatchObject({ raw: null });
});
