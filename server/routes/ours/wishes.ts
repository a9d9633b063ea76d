/** Wishes of who waits, and what counselors are listed for (ours; design.md, "Matchmaking"). */
import { ReadStrengths, ReadWish, SetStrengths, SetWish, Strengths, Wish } from '../../../contract/wish.js';
import { readWish, setWish } from '../../../services/matchmaking/wish.js';
import { readStrengths, setStrengths } from '../../../services/presence/strengths.js';
import { route } from '../../route.js';

const PLANNERS = ['SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ours = { dialect: 'ours', section: '26a', errors: ['NOT_FOUND'] } as const;

export const wishRoutes = [
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/conversations/{id}/wish',
    summary: '对咨询师的期望，以及可以选择的项目',
    auth: ['VISITOR'],
    from: 'query',
    input: ReadWish,
    answer: Wish,
    handle: ({ ctx, actor, input }) => readWish(ctx, actor, input.id),
  }),
  route({
    ...ours,
    method: 'put',
    path: '/api/v1/conversations/{id}/wish',
    summary: '等待时填写对咨询师的期望（领域、语言、性别）',
    auth: ['VISITOR'],
    from: 'json',
    input: SetWish,
    answer: Wish,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => setWish(ctx, actor, input),
  }),
  route({
    ...ours,
    method: 'get',
    path: '/api/v1/counselors/{id}/strengths',
    summary: '咨询师擅长的领域和语言',
    auth: PLANNERS,
    from: 'query',
    input: ReadStrengths,
    answer: Strengths,
    handle: ({ ctx, actor, input }) => readStrengths(ctx, actor, input.id),
  }),
  route({
    ...ours,
    method: 'put',
    path: '/api/v1/counselors/{id}/strengths',
    summary: '修改咨询师擅长的领域和语言（来访者可以选择）',
    auth: PLANNERS,
    from: 'json',
    input: SetStrengths,
    answer: Strengths,
    handle: ({ ctx, actor, input }) => setStrengths(ctx, actor, input),
  }),
];
