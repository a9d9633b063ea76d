/**
 * The informed consent of document section 39, word for word and in its own punctuation, as the node list that
 * WeChat's rich-text component takes. Changing a word here means another consent version in services/policy.
 */
import type { RichTextNode } from '../../contract/config.js';

/** One line each, with a line break between two. */
const LINES = [
  '\u00a0\u00a0感谢您对我们热线平台的信任,通过我们平台寻求心理支持。我们平台是华东师范大学应用心理专业硕士的实践服务平台,向签约的服务群体提供心理疏导和支持服务,以及相关的科普教育,本平台不是常规的心理咨询服务和危机干预的热线,更不是心理治疗服务平台,如果您有心理治疗和咨询服务的需求,请联系具有行业资质的心理咨询与治疗机构。',
  '\u00a0\u00a0为明晰您与热线接待人员各自的权利与责任,在开启聊天模式前,请您认真阅读以下内容:',
  '一、本协议中的双方应均为完全行为能力的人,本协议不针对无行为能力的人。对于未成年人,我们将根据具体情况,联系相应的监护人。',
  '二、根据《中华人民共和国精神卫生法》等法律法规,本平台不提供心理治疗及精神障碍诊断、治疗等相关服务;如果连线过程中、接线员了解到当事人有可能存在上述情况、则将建议其到法定医疗机构就诊。',
  '三、平台的接线员主要是应用心理专业硕士临床与咨询方向的研究生,他们在接受督导老师督导的情况下,通过接听热线,倾听您的需求,帮助您宣泄情绪、厘清问题,提供专业服务与支持',
  '四、保密原则',
  '1. 平台信息对外严格保密,包括您的身份信息、沟通内容等。接线员只有在与您签订保密协议后,才能就您的个案寻求内部督导,将相关信息提供给其督导师。',
  '2.平台为教学实践平台,在教学科研过程中,引用您的案例,须经您书面同意,且隐去可能显示您个人身份信息的内容。您有权拒绝,不影响为您提供的服务。',
  '五、保密例外',
  '1. 经接线员和督导师评估,对于存在精神疾病倾向、缺乏自知能力的,或者有可能对自身或他人的生命安全构成严重危害的当事人,平台有权利联系相关负责机构或人员,采取相应的保护措施,尊重生命第一原则。',
  '2. 司法机构强制要求配合。',
  '六、热线服务设置 ',
  '1. 每次语音通话时间上限为40分钟,文字沟通时间上线1小时。',
  '2. 连线成功后,您和接线员在沟通过程中,均有权在任何时间提出终止服务。',
  '点击(我同意)视为同意以下条款:',
  '1. 我已仔细阅读该协议,理解并同意上述内容;如有疑问,我会和我的接线员继续咨询。',
  '2. 同意将我的咨询记录用于科研。(个人信息保密前提下,引用咨询或测评中产生的数据,如测评的分数)',
] as const;

export const DOCUMENTED_CONSENT: RichTextNode[] = richText(LINES);

/** An institution's own text: plain, one line of the page a line. */
export function consentNodes(text: string): RichTextNode[] {
  return richText(text.split(/\r?\n/));
}

function richText(lines: readonly string[]): RichTextNode[] {
  const children = lines.flatMap((text, index): RichTextNode[] =>
    index === 0 ? [{ type: 'text', text }] : [{ name: 'br' }, { type: 'text', text }],
  );
  return [{ name: 'p', attrs: { class: 'richText', style: '' }, children }];
}
