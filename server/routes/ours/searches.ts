/** Words in what was said, and the place of a day in it (design.md, "Search and filters"). */
import {
  FindDay,
  FoundHere,
  FoundOwn,
  PlaceOfDay,
  SearchConversation,
  SearchOwn,
} from '../../../contract/search.js';
import { findDay } from '../../../services/message/find-day.js';
import { searchConversation, searchOwn } from '../../../services/message/search.js';
import { route } from '../../route.js';

export const searchRoutes = [
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/conversations/{id}/search',
    summary: '在一个会话的消息中查找文字',
    auth: 'signed-in',
    from: 'json',
    input: SearchConversation,
    answer: FoundHere,
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
    handle: ({ ctx, actor, input }) => searchConversation(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/search',
    summary: '在自己的所有会话中查找文字',
    auth: ['COUNSELOR', 'SUPERVISOR'],
    from: 'json',
    input: SearchOwn,
    answer: FoundOwn,
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
    handle: ({ ctx, actor, input }) => searchOwn(ctx, actor, input),
  }),
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'get',
    path: '/api/v1/conversations/{id}/days/{day}',
    summary: '某一天起的第一条消息的序号',
    auth: 'signed-in',
    from: 'query',
    input: FindDay,
    answer: PlaceOfDay,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => findDay(ctx, actor, input),
  }),
];
