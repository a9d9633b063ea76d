/**
 * Messages of tim-js-sdk in our kinds. The SDK writes payload keys in lower case where callbacks and REST
 * capitalise them (services/im/elements.ts is the same table for those). Pure: whatever comes, something is shown,
 * and nothing here trusts what a message claims about itself.
 */
import type { MessageKind } from '../../../contract/enums.js';
import type { Message } from '../../../contract/message.js';

/** As much of the SDK's Message as we read; its own types call the payload `any`. */
export interface SdkMessage {
  ID?: unknown;
  type?: unknown;
  payload?: unknown;
  conversationID?: unknown;
  from?: unknown;
  to?: unknown;
  /** Seconds. */
  time?: unknown;
  isRevoked?: unknown;
  cloudCustomData?: unknown;
  /** Not in the SDK's types, but on its objects: two of the three parts of Tencent's MsgKey. */
  sequence?: unknown;
  random?: unknown;
}

export interface TimMessage {
  /** The SDK's id. */
  id: string;
  /** The conversation that it claims to belong to; null = none of ours. */
  conversationId: string | null;
  /** The number that it has with us already, when it is a copy of a message of the built-in channel. */
  seq: number | null;
  /** Under which name our transcript will hold it, when it was sent through Tencent. */
  clientMsgId: string | null;
  from: string;
  to: string;
  kind: MessageKind;
  text: string;
  data?: Message['data'];
  /** Epoch milliseconds. */
  time: number;
  recalled: boolean;
}

type Payload = Record<string, unknown>;
type Content = Pick<TimMessage, 'kind' | 'text' | 'data'>;

/** Where Tencent stores media. An address elsewhere could lead anywhere. */
const TENCENT_HOST = /(^|\.)(myqcloud\.com|qcloud\.com|tencentcos\.(cn|com)|qq\.com|tencent\.com)$/;
const OBJECT_ID = /^[0-9a-f]{24}$/;
const MAX_CLOUD_DATA = 8_192;

const MAPPERS: Record<string, (payload: Payload) => Content> = {
  TIMTextElem: (payload) => ({ kind: 'text', text: words(payload.text) || '[空消息]' }),
  TIMFaceElem: (payload) => ({
    kind: 'emoji',
    text: '[表情]',
    data: known({ index: count(payload.index), face: words(payload.data) || null }),
  }),
  TIMImageElem: image,
  TIMSoundElem: (payload) => ({
    kind: 'voice',
    text: '[语音]',
    data: known({ url: address(payload.url), size: count(payload.size), seconds: count(payload.second) }),
  }),
  TIMFileElem: (payload) => ({
    kind: 'file',
    text: '[文件]',
    data: known({
      url: address(payload.fileUrl),
      size: count(payload.fileSize),
      name: words(payload.fileName).split(/[/\\]/).at(-1)?.slice(0, 200) || null,
    }),
  }),
  TIMVideoFileElem: (payload) => ({
    kind: 'file',
    text: '[视频]',
    data: known({
      media: 'video',
      url: address(payload.remoteVideoUrl) ?? address(payload.videoUrl),
      size: count(payload.videoSize),
      seconds: count(payload.videoSecond),
      thumb: address(payload.snapshotUrl) ?? address(payload.thumbUrl),
    }),
  }),
  TIMLocationElem: (payload) => placeholder('位置', words(payload.description)),
  TIMCustomElem: (payload) => placeholder('自定义消息', words(payload.description)),
  TIMRelayElem: (payload) => placeholder('合并转发的消息', words(payload.title)),
};

/** @returns null for what is no message between two people */
export function mapSdkMessage(raw: SdkMessage): TimMessage | null {
  const { ID, from, to, time, type } = raw;
  if (typeof ID !== 'string' || typeof from !== 'string' || typeof to !== 'string') return null;
  if (typeof raw.conversationID === 'string' && !raw.conversationID.startsWith('C2C')) return null;
  const seconds = count(time) ?? 0;
  const payload = typeof raw.payload === 'object' && raw.payload !== null ? (raw.payload as Payload) : {};
  const mapper = typeof type === 'string' && Object.hasOwn(MAPPERS, type) ? MAPPERS[type] : undefined;
  const recalled = raw.isRevoked === true;
  const content = mapper?.(payload) ?? placeholder('暂不支持的消息', '');
  const claimed = claims(raw.cloudCustomData);
  return {
    id: ID,
    ...claimed,
    clientMsgId: claimed.seq === null ? msgKey(raw, seconds) : null,
    from,
    to,
    ...(recalled ? { kind: content.kind, text: '' } : content),
    time: seconds * 1_000,
    recalled,
  };
}

/** What our server or our clients write beside a message: the bare id, or {conversationId, seq?}. */
function claims(cloudCustomData: unknown): Pick<TimMessage, 'conversationId' | 'seq'> {
  const none = { conversationId: null, seq: null };
  if (typeof cloudCustomData !== 'string' || cloudCustomData.length > MAX_CLOUD_DATA) return none;
  const bare = cloudCustomData.trim();
  if (OBJECT_ID.test(bare)) return { conversationId: bare, seq: null };
  try {
    const parsed = JSON.parse(bare) as { conversationId?: unknown; seq?: unknown } | null;
    const id = parsed?.conversationId;
    if (typeof id !== 'string' || !OBJECT_ID.test(id)) return none;
    const { seq } = parsed ?? {};
    return {
      conversationId: id,
      seq: typeof seq === 'number' && Number.isInteger(seq) && seq > 0 ? seq : null,
    };
  } catch {
    return none;
  }
}

/** `im:<MsgSeq>_<MsgRandom>_<MsgTime>`, as the callback names it; null where the SDK does not say. */
function msgKey({ sequence, random }: SdkMessage, seconds: number): string | null {
  const parts = [count(sequence), count(random), seconds];
  return parts.every((part) => part !== null && part > 0) ? `im:${parts.join('_')}` : null;
}

/** By type and not by place: 0 is the original, the smallest of the others the thumbnail. */
function image(payload: Payload): Content {
  const list = Array.isArray(payload.imageInfoArray) ? (payload.imageInfoArray as unknown[]) : [];
  const infos = list.map((each) => (typeof each === 'object' && each !== null ? (each as Payload) : {}));
  const original = infos.find((info) => count(info.type) === 0) ?? infos[0] ?? {};
  const small = infos
    .filter((info) => info !== original && address(urlOf(info)) !== null)
    .sort((a, b) => (count(a.width) ?? 0) - (count(b.width) ?? 0))[0];
  return {
    kind: 'image',
    text: '[图片]',
    data: known({
      url: address(urlOf(original)),
      size: count(original.size),
      width: count(original.width),
      height: count(original.height),
      thumb: small ? address(urlOf(small)) : null,
    }),
  };
}
const urlOf = (info: Payload) => info.url ?? info.imageUrl;

const placeholder = (label: string, said: string): Content => ({
  kind: 'text',
  text: said === '' ? `[${label}]` : `[${label}] ${said.slice(0, 200)}`,
  data: { source: 'tencent' },
});

/** Only what is known; where it came from always. */
const known = (data: NonNullable<Message['data']>): NonNullable<Message['data']> => ({
  source: 'tencent',
  ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)),
});

/** Control characters but line breaks and tabs are taken out. */
function words(value: unknown): string {
  if (typeof value !== 'string') return '';
  // eslint-disable-next-line no-control-regex -- naming the control characters is the point
  return value.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}

/** Numbers may come as strings. */
function count(value: unknown): number | null {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

function address(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2_048 || !URL.canParse(value)) return null;
  const { protocol, hostname } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && TENCENT_HOST.test(hostname) ? value : null;
}
