/** Records of sessions, contacts by kind, and how many places a day needs (ours). */
import {
  Contacts,
  ListMissing,
  MissingRecord,
  ReadContacts,
  ReadSessionRecord,
  SaveSessionRecord,
  SessionRecord,
} from '../../../contract/session-record.js';
import { ReadStaffing, Staffing } from '../../../contract/staffing.js';
import { readContacts } from '../../../services/session-record/contacts.js';
import { listMissing } from '../../../services/session-record/missing.js';
import { readSessionRecord, saveSessionRecord } from '../../../services/session-record/save.js';
import { readStaffing } from '../../../services/staffing/staffing.js';
import { route } from '../../route.js';

const STAFF = ['COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const PLANNERS = ['SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const;
const ask = { dialect: 'ours', section: 'record', method: 'get', from: 'query', auth: STAFF } as const;

export const sessionRecordRoutes = [
  route({
    ...ask,
    path: '/api/v1/conversations/{id}/record',
    summary: '一次会谈的记录：系统已知的事实与咨询师所写',
    input: ReadSessionRecord,
    answer: SessionRecord,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readSessionRecord(ctx, actor, input.id),
  }),
  route({
    ...ask,
    method: 'put',
    from: 'json',
    auth: ['COUNSELOR', 'SUPERVISOR'],
    path: '/api/v1/conversations/{id}/record',
    summary: '填写会谈记录，整理时间随之结束',
    input: SaveSessionRecord,
    answer: SessionRecord,
    errors: ['NOT_FOUND', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => saveSessionRecord(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/records-missing',
    summary: '结束超过24小时仍没有记录的会谈',
    input: ListMissing,
    list: true,
    answer: MissingRecord,
    handle: ({ ctx, actor, input }) => listMissing(ctx, actor, input),
  }),
  route({
    ...ask,
    path: '/api/v1/contacts',
    summary: '有效与无效来访，按类别',
    input: ReadContacts,
    answer: Contacts,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readContacts(ctx, actor, input),
  }),
  route({
    ...ask,
    auth: PLANNERS,
    path: '/api/v1/staffing',
    summary: '某天各小时需要的席位（Erlang C）与排班席位',
    input: ReadStaffing,
    answer: Staffing,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => readStaffing(ctx, actor, input),
  }),
];
