/** What people read in an export: labels, times, system events. Chinese, Asia/Shanghai. */
import { DateTime } from 'luxon';
import { END_CAUSE_TABLE, type EndCauseRow } from '../../contract/end-causes.js';
import type { ConversationStatus, ConversationType, SenderType, SystemEvent } from '../../contract/enums.js';
import type { Line, LineState, Transcript } from './transcript.js';

const ZONE = 'Asia/Shanghai';
const at = (time: number) => DateTime.fromMillis(time, { zone: ZONE });

export const STATUS: Record<ConversationStatus, string> = {
  WAITING: '等待中',
  IN_PROGRESS: '进行中',
  FINISHED: '已结束',
  TIME_OUT: '已超时',
  CANCELLED: '已取消',
  EXPIRED: '无人接待',
};
export const TYPE: Record<ConversationType, string> = {
  COUNSELING_SESSION: '咨询会话',
  REQUEST_SUPERVISE: '请求督导',
};
export const ROLE: Record<SenderType, string> = {
  VISITOR: '访客',
  COUNSELOR: '咨询师',
  SUPERVISOR: '督导',
  ADMINISTRATOR: '管理员',
  SYSTEM: '系统',
};
/** One that this version does not know is told by its code. */
const causeOf = (code: string): string =>
  (END_CAUSE_TABLE as Record<string, EndCauseRow | undefined>)[code]?.label ?? code;

export const dayOf = (time: number): string => at(time).toFormat('yyyy年M月d日 cccc', { locale: 'zh-CN' });
export const timeOf = (time: number): string => at(time).toFormat('HH:mm:ss');
export const momentOf = (time: number): string => at(time).toFormat('yyyy-MM-dd HH:mm:ss');
/** For file names. */
export const stampOf = (time: number): string => at(time).toFormat('yyyyMMdd-HHmmss');

export function durationOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${String(seconds)}秒` : `${String(minutes)}分${String(seconds % 60)}秒`;
}

export function nameOf(person: { name: string | null; type: SenderType }): string {
  return person.name ?? ROLE[person.type];
}

/** What stands in place of words that are not shown; null when they are. */
export function placeholder(state: LineState): string | null {
  if (state === 'recalled') return '〔消息已撤回〕';
  if (state === 'erased') return '〔内容已按要求销毁〕';
  return null;
}

/** A line as people read it. */
export function wordsOf(line: Line): string {
  if (line.kind === 'system') return eventWords(line);
  const missing = placeholder(line.state);
  if (missing !== null) return missing;
  const { text = '', attachment, data, quote } = line.body;
  const answers = quote === undefined ? '' : `〔回复#${String(quote)}〕`;
  const caption = text === '' ? '' : ` ${text}`;
  switch (line.kind) {
    case 'image':
      return `${answers}〔图片〕${caption}`;
    case 'voice':
      return `${answers}〔语音${attachment?.seconds === undefined ? '' : ` ${clockOf(attachment.seconds)}`}〕${caption}`;
    case 'file':
      return `${answers}〔文件〕${attachment ? `${attachment.name}（${sizeOf(attachment.size)}）` : ''}${caption}`;
    case 'emoji':
      return answers + (text === '' ? '〔表情〕' : text);
    case 'whisper':
      return `${answers}〔悄悄话〕${text}`;
    case 'note':
      return `${answers}〔内部备注〕${text}`;
    case 'card':
      return `${answers}〔${data?.['card'] === 'questionnaire' ? '问卷' : '紧急求助卡片'}〕\n${text}`;
    case 'text':
      return answers + text;
  }
}

/** Minutes and seconds of a voice note. */
const clockOf = (seconds: number): string => {
  const whole = Math.max(1, Math.round(seconds));
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
};

export const sizeOf = (bytes: number): string =>
  bytes < 1_048_576
    ? `${String(Math.max(1, Math.round(bytes / 1024)))} KB`
    : `${(bytes / 1_048_576).toFixed(1)} MB`;

function eventWords(line: Line): string {
  const { event, data = {}, ref, text } = line.body;
  const name = typeof data['name'] === 'string' ? data['name'] : '';
  // One that this list does not know yet is told by its own text or name.
  const words: Partial<Record<SystemEvent | 'called' | 'declined', string>> = {
    assigned: `咨询师${name}接入会谈`,
    requeued: '咨询师离开，访客回到队列前部等待',
    'handed-over': `会谈转由${name === '' ? '另一位咨询师' : name}继续`,
    recalled: ref === undefined ? '撤回了一条消息' : `撤回了第${String(ref)}条消息`,
    joined: `${name === '' ? '督导' : name}${data['mode'] === 'WATCH' ? '开始旁听' : '加入会谈'}`,
    left: `${name === '' ? '督导' : name}离开会谈`,
    'time-cue': `会谈时间还剩${String(data['minutes'] ?? '')}分钟`,
    'silence-check': '系统询问访客是否还在',
    'silence-alarm': `访客已沉默${String(data['minutes'] ?? '')}分钟，系统已呼叫督导`,
    'risk-alarm': '咨询师报警，系统已呼叫值班督导',
    extended: `会谈延长${String(data['minutes'] ?? '')}分钟`,
    'emergency-card': `已提供紧急求助方式${text === undefined ? '' : `：${text.replaceAll('\n', '；')}`}`,
    intake: `访客在等待时回答了问题${text === undefined ? '' : `：${text.replaceAll('\n', '；')}`}`,
    called: `已请${name === '' ? '督导' : name}协助`,
    declined: `${name === '' ? '督导' : name}暂时无法协助`,
    ended: `会谈结束${typeof data['cause'] === 'string' ? `：${causeOf(data['cause'])}` : ''}`,
  };
  if (event === undefined) return text ?? '系统消息';
  return words[event] ?? text ?? `系统消息（${event}）`;
}

/** The head of a transcript: label and value, in this order, in every format. */
export function factsOf(transcript: Transcript): [string, string][] {
  const { startTime, endTime, duration } = transcript;
  return [
    ['机构', transcript.institutionName],
    ['会谈编号', transcript.id],
    ['类型', TYPE[transcript.type]],
    [
      '状态',
      transcript.open
        ? `${STATUS[transcript.status]}（导出时会谈尚未结束，内容截至导出时刻）`
        : STATUS[transcript.status],
    ],
    ...transcript.participants.map((person): [string, string] => [
      ROLE[person.role],
      transcript.redacted ? '〔姓名〕' : (person.name ?? '（未填写姓名）'),
    ]),
    ['创建时间', momentOf(transcript.createdTime)],
    ['开始时间', startTime === null ? '—' : momentOf(startTime)],
    ['结束时间', endTime === null ? '—' : momentOf(endTime)],
    ['时长', duration === null ? '—' : durationOf(duration)],
    ['结束原因', transcript.endCause === null ? '—' : causeOf(transcript.endCause)],
    ['消息数', String(transcript.count)],
  ];
}

/** Who exported it and when: on every page. */
export function watermarkOf(by: { name: string | null; id: string }, time: number): string {
  return `由 ${by.name ?? by.id} 于 ${momentOf(time)} 导出`;
}

/**
 * What people typed, as it may stand on paper or in an office file: no control characters, no marks that turn the
 * direction of what follows, no half characters.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(
      // eslint-disable-next-line no-control-regex -- naming the control characters is the point
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
      '',
    );
}
