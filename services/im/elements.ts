/** A Tencent message's elements in our kinds. Whatever comes, something is shown: nothing here fails. */
import type { MessageKind } from '../../contract/enums.js';
import type { ImElement } from '../../contract/im.js';
import type { Body } from '../message/seal.js';

export interface MappedElement {
  kind: MessageKind;
  body: Body;
}

type Data = NonNullable<Body['data']>;
type Content = ImElement['MsgContent'];

/** The longest raw element that is kept beside its placeholder. */
const MAX_RAW = 4_000;
/** Where Tencent stores media. An address elsewhere could lead a counselor anywhere. */
const TENCENT_HOST = /(^|\.)(myqcloud\.com|qcloud\.com|tencentcos\.(cn|com)|qq\.com|tencent\.com)$/;

const MAPPERS: Record<string, (content: Content) => MappedElement> = {
  TIMTextElem: (content) => ({ kind: 'text', body: { text: text(content.Text) || '[空消息]' } }),
  TIMFaceElem: (content) => ({
    kind: 'emoji',
    body: { text: '[表情]', data: known({ index: number(content.Index), face: text(content.Data) || null }) },
  }),
  TIMImageElem: image,
  TIMSoundElem: (content) => ({
    kind: 'voice',
    body: {
      text: '[语音]',
      data: known({ url: url(content.Url), size: number(content.Size), seconds: number(content.Second) }),
    },
  }),
  TIMFileElem: (content) => ({
    kind: 'file',
    body: {
      text: '[文件]',
      data: known({
        url: url(content.Url),
        size: number(content.FileSize),
        name: baseName(content.FileName),
      }),
    },
  }),
  TIMVideoFileElem: (content) => ({
    kind: 'file',
    body: {
      text: '[视频]',
      data: known({
        media: 'video',
        url: url(content.VideoUrl),
        size: number(content.VideoSize),
        seconds: number(content.VideoSecond),
        thumb: url(content.ThumbUrl),
      }),
    },
  }),
  TIMLocationElem: (content) => placeholder('TIMLocationElem', '位置', text(content.Desc), content),
  TIMCustomElem: (content) => placeholder('TIMCustomElem', '自定义消息', text(content.Desc), content),
  TIMRelayElem: (content) => placeholder('TIMRelayElem', '合并转发的消息', text(content.Title), content),
};

export function mapElement({ MsgType, MsgContent }: ImElement): MappedElement {
  const mapper = Object.hasOwn(MAPPERS, MsgType) ? MAPPERS[MsgType] : undefined;
  return mapper?.(MsgContent) ?? placeholder(text(MsgType), '暂不支持的消息', '', MsgContent);
}

/** Selected by Type and not by place: 1 original, 2 large, 3 thumbnail. */
function image(content: Content): MappedElement {
  const list = Array.isArray(content.ImageInfoArray) ? (content.ImageInfoArray as unknown[]) : [];
  const ofType = (type: number): Content => {
    const found = list.find((each) => number((each as Content | null)?.Type) === type);
    return (found ?? {}) as Content;
  };
  const original = ofType(1);
  return {
    kind: 'image',
    body: {
      text: '[图片]',
      data: known({
        url: url(original.URL),
        size: number(original.Size),
        width: number(original.Width),
        height: number(original.Height),
        thumb: url(ofType(3).URL),
      }),
    },
  };
}

function placeholder(type: string, label: string, words: string, content: Content): MappedElement {
  const raw = JSON.stringify(content);
  return {
    kind: 'text',
    body: {
      text: words === '' ? `[${label}]` : `[${label}] ${words.slice(0, 200)}`,
      data: { source: 'tencent', type, raw: raw.length <= MAX_RAW ? raw.toWellFormed() : null },
    },
  };
}

/** Only what is known; where it came from always. */
function known(data: Data): Data {
  return {
    source: 'tencent',
    ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)),
  };
}

/** Control characters but line breaks and tabs are taken out, half characters replaced. */
function text(value: unknown): string {
  if (typeof value !== 'string') return '';
  // eslint-disable-next-line no-control-regex -- naming the control characters is the point
  return value.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}

/** Numbers may come as strings. */
function number(value: unknown): number | null {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

function url(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2_048 || !URL.canParse(value)) return null;
  const { protocol, hostname } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && TENCENT_HOST.test(hostname) ? value : null;
}

/** A client may send a whole path; it is a name for people and never used as a path. */
function baseName(value: unknown): string | null {
  return text(value).split(/[/\\]/).at(-1)?.slice(0, 200) || null;
}
