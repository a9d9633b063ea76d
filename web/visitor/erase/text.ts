/** Words about being erased; apart from the page's own, since most visitors never load them. */
import { createCatalogue } from '../../shared/i18n.js';

const zh = {
  title: '删除我的数据',
  intro: '你可以随时申请删除在这里留下的内容，不需要说明理由，也不影响以后再来。',
  goes: '会删除',
  goesTalks: '你和咨询师的全部对话、文件、评价，以及你的留言',
  goesRecords: '咨询师围绕这些对话写下的记录',
  goesYou: '你的称呼、联系方式和登录方式',
  goesHow: '内容的密钥会被销毁，之后任何人都不能恢复，包括我们，备份里也不能。',
  stays: '会保留',
  staysCounts: '对话发生过的时间和次数：没有内容，也不写是谁，用来统计，并证明记录没有被改动',
  staysReceipt: '这份申请的时间和结果：用来证明我们处理过',
  staysBookings: '预约和咨询档案：由咨询师按规定保存，需要删除请直接向机构提出',
  staysLaw: '法律要求保存的内容：到可以删除时为止',
  time: '需要多久',
  timeText: '机构会核实后处理，一般不超过 15 个工作日。还在进行的对话要先结束。同意之后几分钟内完成。',
  after: '完成后你会退出登录，这里不会再有你的记录。如果想留下什么，请先自己保存。',
  ask: '申请删除',
  askTitle: '申请删除你的全部数据？',
  askText: '处理之前可以撤回。一旦删除，就不能恢复。',
  askYes: '确定申请',
  askNo: '再想想',
  asked: '已收到你的申请（{time}），正在等待处理。',
  withdraw: '撤回申请',
  refused: '你的申请这次没有通过（{time}）。',
  refusedReference: '文号：{reference}。如有疑问，可以凭文号向机构询问；也可以再次申请。',
  MUST_KEEP: '原因：按法律规定，这些内容还需要保存一段时间。',
  IN_CARE: '原因：我们还在关心你的安全，跟进没有结束。',
  UNSURE_WHO: '原因：还不能确认申请的是你本人。',
  AGREED: '原因：已经和你商量好暂时不删除。',
  askAgain: '再次申请',
} as const;

type Texts = Record<keyof typeof zh, string>;

const en: Texts = {
  title: 'Erase my data',
  intro: 'You may ask at any time, without a reason. You can come back afterwards all the same.',
  goes: 'What is erased',
  goesTalks: 'All your conversations, files, ratings, and messages you left',
  goesRecords: 'What counselors noted about those conversations',
  goesYou: 'Your name, how you can be reached, and how you sign in',
  goesHow: 'The keys are destroyed. Nobody can bring it back after that: not we, and not from a backup.',
  stays: 'What is kept',
  staysCounts:
    'When and how often there was a conversation: no words and no name. It is counted, and shows that nothing was altered',
  staysReceipt: 'When you asked and what came of it: it shows that we did it',
  staysBookings: 'Appointments and case files: the counselor has to keep them. Please ask the institution',
  staysLaw: 'What the law says must be kept, until it may be erased',
  time: 'How long it takes',
  timeText:
    'The institution looks at it, as a rule within 15 working days. An open conversation must end first. Once accepted it takes minutes.',
  after: 'Afterwards you are signed out and nothing of yours is here. Keep what you want to keep before.',
  ask: 'Ask to be erased',
  askTitle: 'Ask for all your data to be erased?',
  askText: 'You can take it back until it is settled. What is erased cannot come back.',
  askYes: 'Ask',
  askNo: 'Not now',
  asked: 'We have your request ({time}). It waits to be settled.',
  withdraw: 'Take it back',
  refused: 'Your request was not accepted this time ({time}).',
  refusedReference:
    'File number: {reference}. You may ask the institution about it by that number, or ask again here.',
  MUST_KEEP: 'Why: by law it has to be kept for some time.',
  IN_CARE: 'Why: we still look after your safety.',
  UNSURE_WHO: 'Why: we could not make sure that it is you who asks.',
  AGREED: 'Why: it was agreed with you to keep it for now.',
  askAgain: 'Ask again',
};

export const t = createCatalogue<Texts>(zh, { en }, navigator.language);
