/** Canned replies of the demo's institutions: openings, presence, safety, endings. */
import { Types } from 'mongoose';
import type { CannedReply } from '../../models/canned-reply.js';
import { wordsOf } from '../canned-reply/manage.js';
import { codeOf, type Needs } from './staff.js';

const REPLIES: readonly (readonly [category: string, title: string, text: string])[] = [
  ['开场', '欢迎', '{{来访者}}您好，我是{{机构}}的{{咨询师}}。今天想从哪里说起都可以，我在听。'],
  [
    '开场',
    '保密说明',
    '我们的谈话是保密的。只有当您或他人的生命安全受到威胁时，我们才会请人来帮忙，并会先告诉您。',
  ],
  ['陪伴', '慢慢说', '不着急，您可以慢慢说，写到哪里算哪里。'],
  ['陪伴', '确认理解', '我想确认一下我的理解：……是这样吗？如果不是，请告诉我。'],
  ['陪伴', '还在吗', '您还在吗？如果现在不方便继续，也没有关系，告诉我一声就好。'],
  ['安全', '直接询问', '您提到的这些让我很在意。我想直接问一句：您有没有想过结束自己的生命？'],
  ['安全', '身边的人', '此刻您身边有人吗？有没有一位您愿意让 TA 知道的人？'],
  ['安全', '紧急电话', '如果感到马上有危险，请拨打 12356 心理援助热线、120 或 110，我也会继续在这里陪着您。'],
  ['结束', '时间提醒', '我们还有大约十分钟。最后这段时间，您最想谈的是什么？'],
  ['结束', '告别', '谢谢您愿意说出来。之后如果需要，随时可以再来，祝您今天平安。'],
];

export const replyRows = (ctx: Needs): CannedReply[] =>
  (['first', 'second'] as const).flatMap((house) =>
    REPLIES.map(([category, title, text]) => ({
      _id: new Types.ObjectId(),
      institution: codeOf(ctx, house),
      owner: null,
      ...wordsOf(ctx, { category, title, text }),
    })),
  );
