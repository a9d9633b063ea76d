/** Questions to who waits, accepting who is offered, more time for a session, the end of a wrap-up (policies; ours). */
import { z } from 'zod';
import { Ok } from '../../../contract/answer.js';
import { id } from '../../../contract/common.js';
import { Conversation } from '../../../contract/conversation.js';
import { AnswerIntake, Intake } from '../../../contract/intake.js';
import { ExtendConversation, ListForecasts, Offer, WaitForecasts } from '../../../contract/matchmaking.js';
import { extendConversation } from '../../../services/conversation/extend.js';
import { answerIntake, readIntake } from '../../../services/matchmaking/intake.js';
import { acceptOffer, declineOffer, listOffers } from '../../../services/matchmaking/offer.js';
import { judgeForecasts } from '../../../services/matchmaking/wait-told.js';
import { finishWrapUp } from '../../../services/matchmaking/wrap-up.js';
import { route, type Route } from '../../route.js';

const AnswerOffer = z.strictObject({ id: id.describe('Who was offered') }).meta({ id: 'AnswerOffer' });

export const offerRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: '24',
    method: 'get',
    path: '/api/v1/me/offers',
    summary: '等待自己接受的来访者',
    auth: ['COUNSELOR'],
    from: 'query',
    input: z.strictObject({}),
    answer: z.array(Offer),
    handle: ({ ctx, actor }) => listOffers(ctx, actor),
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'get',
    path: '/api/v1/queue/forecasts',
    summary: '告诉来访者的预计等待与实际等待的比较',
    auth: ['INSTITUTION_ADMINISTRATOR'],
    from: 'query',
    input: ListForecasts,
    answer: WaitForecasts,
    handle: ({ ctx, actor, input }) => judgeForecasts(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'get',
    path: '/api/v1/conversations/{id}/intake',
    summary: '等待时的问答：有哪些问题，是否已经回答',
    auth: ['VISITOR'],
    from: 'query',
    input: z.strictObject({ id: id.describe('The conversation') }).meta({ id: 'ReadIntake' }),
    answer: Intake,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readIntake(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'post',
    path: '/api/v1/conversations/{id}/intake',
    summary: '回答等待时的问题，用于判断多快需要接待；只计一次',
    auth: ['VISITOR'],
    from: 'json',
    input: AnswerIntake,
    answer: Ok,
    errors: ['NOT_FOUND', 'CONVERSATION_ENDED'],
    async handle({ ctx, actor, input }) {
      await answerIntake(ctx, actor, input);
      return 'ok';
    },
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'post',
    path: '/api/v1/conversations/{id}/accept',
    summary: '接受分配给自己的来访者',
    auth: ['COUNSELOR'],
    from: 'json',
    input: AnswerOffer,
    answer: Conversation,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => acceptOffer(ctx, actor, input.id),
  }),
  route({
    dialect: 'ours',
    section: '26a',
    method: 'post',
    path: '/api/v1/conversations/{id}/decline',
    summary: '不接受分配给自己的来访者，转给下一位咨询师',
    auth: ['COUNSELOR'],
    from: 'json',
    input: AnswerOffer,
    answer: Ok,
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input }) {
      await declineOffer(ctx, actor, input.id);
      return 'ok';
    },
  }),
  route({
    dialect: 'ours',
    section: '26b',
    method: 'post',
    path: '/api/v1/conversations/{id}/extend',
    summary: '延长进行中的会话，每次会谈一次，需说明原因',
    auth: ['COUNSELOR'],
    from: 'json',
    input: ExtendConversation,
    answer: Conversation,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => extendConversation(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: '26b',
    method: 'post',
    path: '/api/v1/conversations/{id}/wrap-up',
    summary: '记录已保存，提前结束整理时间',
    auth: ['COUNSELOR'],
    from: 'json',
    input: z.strictObject({ id: id.describe('The session that has ended') }).meta({ id: 'FinishWrapUp' }),
    answer: Ok,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    async handle({ ctx, actor, input }) {
      await finishWrapUp(ctx, actor, input.id);
      return 'ok';
    },
  }),
];
