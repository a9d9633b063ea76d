/** What a visitor does with a booking: the intake form, and the conversation of an online one. */
import { z } from 'zod';
import { lenientNumber } from '../../../contract/common.js';
import { PersonalProfileAnswer } from '../../../contract/consultant/consultation.js';
import { WritePersonalProfile } from '../../../contract/consultant/intake.js';
import { Conversation } from '../../../contract/conversation.js';
import { openOrderConversation } from '../../../services/order/converse.js';
import { readIntake, writeIntake } from '../../../services/order/intake.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'ours', section: '4', auth: ['VISITOR'] } as const;
// The form itself has a field `id`.
const booking = lenientNumber.pipe(z.number().int().min(0)).describe('Integer id of the booking');

export const bookingRoutes: Route[] = [
  route({
    ...base,
    method: 'get',
    path: '/api/v1/bookings/{booking}/intake',
    summary: '自己的登记信息',
    from: 'query',
    input: z.object({ booking }),
    answer: PersonalProfileAnswer,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readIntake(ctx, actor, input.booking),
  }),
  route({
    ...base,
    method: 'put',
    path: '/api/v1/bookings/{booking}/intake',
    summary: '填写登记信息（咨询师在个人档案中看到）',
    from: 'json',
    input: WritePersonalProfile.omit({ order: true }).extend({ booking }),
    answer: PersonalProfileAnswer,
    errors: ['NOT_FOUND', 'RULE_REFUSED', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => {
      const { booking: id, ...change } = input;
      return writeIntake(ctx, actor, id, change);
    },
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/bookings/{booking}/conversation',
    summary: '进入线上咨询（预约时间前15分钟起）',
    from: 'json',
    input: z.object({ booking }),
    answer: Conversation,
    errors: ['NOT_FOUND', 'RULE_REFUSED', 'CONFLICT', 'CONSENT_NEEDED', 'BANNED'],
    handle: ({ ctx, actor, input }) => openOrderConversation(ctx, actor, input.booking),
  }),
];
