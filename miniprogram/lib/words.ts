/** Every word of the visitor's page on the web, and the few that only a mini-program says. */
import { createCatalogue } from '../../web/shared/i18n.js';
import { t as shared } from '../../web/visitor/text.js';
import type { Conversation } from '../../contract/conversation.js';
import type { SystemEvent } from '../../contract/enums.js';
import type { Message } from '../../contract/message.js';
import { nameOf } from './people.js';

export { shared as t };

const zh = {
  remindMe: '接通时用微信提醒我',
  remindOn: '接通时会用微信提醒你一次',
  remindOff: '没有打开提醒，也可以留在这里等',
  askOpen: '说说情况和希望（可不填）',
  askTitle: '等待的时候，想先了解一下',
  intakeTitle: '留下联系方式（可不填）',
  intakeHint: '只有为你服务的咨询师和机构能看到，用于在危险时联系到你。',
  intakeName: '希望我们怎么称呼你',
  intakePhone: '手机号',
  intakeFill: '用微信手机号',
  intakeContact: '紧急联系人',
  intakeContactPhone: '紧急联系人电话',
  intakeSave: '保存并继续',
  intakeSkip: '跳过',
  intakeNoPhone: '没有取到手机号，可以自己填写，也可以跳过。',
  picture: '图片',
  voice: '语音',
  recording: '正在录音，点按发送',
  recordCancel: '取消录音',
  recordDenied: '没有录音权限，请在右上角“···”的设置里允许使用麦克风。',
  recordShort: '录音太短，没有发送。',
  tooLarge: '文件过大，没有发送。',
  uploading: '上传中 {percent}%',
  play: '播放语音，{seconds} 秒',
  seconds: '{seconds}″',
  fileFailed: '没有加载出来，点按重试',
  open: '打开',
  copy: '复制',
  quote: '引用',
  recall: '撤回',
  recallFailed: '没有撤回成功',
  quoting: '引用：{text}',
  cancelQuote: '取消引用',
  quoteLost: '引用的消息看不到了',
  cardEmergency: '紧急求助方式',
  cardQuestionnaire: '请填写：{title}',
  kindImage: '[图片]',
  kindFile: '[文件]',
  kindVoice: '[语音]',
} as const;
const en: Record<keyof typeof zh, string> = {
  remindMe: 'Remind me in WeChat',
  remindOn: 'WeChat will remind you once',
  remindOff: 'No reminder; you can also wait here',
  askOpen: 'Tell us more (optional)',
  askTitle: 'While you wait, we would like to know',
  intakeTitle: 'How to reach you (optional)',
  intakeHint: 'Only your counselor and the institution see it, to reach you when you are in danger.',
  intakeName: 'What shall we call you',
  intakePhone: 'Phone',
  intakeFill: 'Use my WeChat phone',
  intakeContact: 'Emergency contact',
  intakeContactPhone: 'Phone of the emergency contact',
  intakeSave: 'Save and go on',
  intakeSkip: 'Skip',
  intakeNoPhone: 'No number came. You can type it, or skip this.',
  picture: 'Picture',
  voice: 'Voice',
  recording: 'Recording, tap to send',
  recordCancel: 'Discard recording',
  recordDenied: 'No permission to record. Please allow the microphone in the settings of this mini-program.',
  recordShort: 'Too short, nothing was sent.',
  tooLarge: 'Too large, nothing was sent.',
  uploading: 'Uploading {percent}%',
  play: 'Play voice note, {seconds} seconds',
  seconds: '{seconds}″',
  fileFailed: 'Not loaded, tap to try again',
  open: 'Open',
  copy: 'Copy',
  quote: 'Quote',
  recall: 'Recall',
  recallFailed: 'Could not be recalled',
  quoting: 'Quoting: {text}',
  cancelQuote: 'Stop quoting',
  quoteLost: 'The quoted message cannot be seen any more',
  cardEmergency: 'Crisis lines',
  cardQuestionnaire: 'Please fill in: {title}',
  kindImage: '[picture]',
  kindFile: '[file]',
  kindVoice: '[voice]',
};

export const own = createCatalogue<Record<keyof typeof zh, string>>(zh, { en }, navigator.language);

/** What a system line says; null = it says nothing of its own. The twin of web/visitor/parts/system-words.ts. */
export function systemWords(message: Message, conversation: Conversation | null): string | null {
  const name = nameOf(conversation?.counselor ?? null);
  const minutes = message.data?.['minutes'];
  const words: Record<SystemEvent, string | null> = {
    assigned: shared('sysAssigned', { name }),
    requeued: shared('sysRequeued'),
    'handed-over': shared('sysHandedOver', { name }),
    recalled: null,
    joined: shared('sysJoined'),
    left: shared('sysLeft'),
    'time-cue': typeof minutes === 'number' ? shared('sysTimeCue', { minutes }) : null,
    'silence-check': shared('sysSilenceCheck'),
    'silence-alarm': null,
    'risk-alarm': null,
    extended: typeof minutes === 'number' ? shared('sysExtended', { minutes }) : null,
    'emergency-card': shared('sysEmergency'),
    intake: shared('sysIntake'),
    ended: shared('sysEnded'),
  };
  return message.event === undefined ? (message.text ?? shared('sysOther')) : words[message.event];
}
