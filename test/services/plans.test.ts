/**
 * Every documented list, count and statistic of the first document is answered from an index: asked of explain(),
 * without a clock. The stand-in plans an index only for a filter that the index covers whole (and none for `$all` or
 * a pattern), where MongoDB takes what is covered and fetches the rest; so what it does not plan is asked again
 * without the parts that no index is for, and must then stand on an index.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { startHotline, type Hotline } from '../support/app.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';

type Json = Record<string, unknown>;
interface Read {
  collection: string;
  filter: Json;
}
type Who = 'visitor' | 'counselor' | 'supervisor' | 'admin' | 'system';

let hotline: Hotline;
let conversation: string;
const people = {} as Record<Who, Person>;
const reads: Read[] = [];
/** The stand-in's own answer, over all calls: said at the end, so that nobody takes the second question for it. */
const planned = { whole: 0, inPart: 0 };

beforeAll(async () => {
  hotline = await startHotline({ env: { FACES: 'server' } });
  const { ctx } = hotline.node;
  people.counselor = await makeCounselor(ctx);
  people.supervisor = await makePerson(ctx, 'SUPERVISOR');
  people.visitor = await makePerson(ctx, 'VISITOR');
  people.admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  people.system = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
  conversation = await session();
  ctx.models.User.db.set('debug', (collection: string, method: string, ...args: unknown[]) => {
    const filter = filterOf(method, args);
    if (filter) reads.push({ collection, filter });
  });
});
afterAll(() => hotline.stop());

async function session(): Promise<string> {
  const { ctx } = hotline.node;
  const _id = new Types.ObjectId();
  const key = await ctx.keys.createForConversation(_id, 'ecnu');
  const { visitor, counselor } = people;
  await ctx.models.Conversation.create({
    ...{ _id, key, institution: 'ecnu', type: 'COUNSELING_SESSION', status: 'IN_PROGRESS' },
    ...{ visitor: visitor.user._id, visitorName: visitor.user.name, startAt: new Date(ctx.clock.now()) },
    ...{ counselor: counselor.user._id, counselorName: counselor.user.name },
  });
  return _id.toHexString();
}

/** What a read asks for; undefined for writes. */
function filterOf(method: string, args: unknown[]): Json | undefined {
  switch (method) {
    case 'find':
    case 'findOne':
    case 'countDocuments':
      return args[0] as Json;
    case 'distinct':
      return args[1] as Json;
    case 'aggregate':
      return ((args[0] as Json[])[0]?.['$match'] ?? {}) as Json;
    default:
      return undefined;
  }
}

/** By its id, or by a few ids: no list. */
function isById({ _id }: Json): boolean {
  return (
    _id !== undefined && (_id instanceof Types.ObjectId || typeof _id !== 'object' || '$in' in (_id as Json))
  );
}

async function isPlanned({ collection, filter }: Read): Promise<boolean> {
  const cursor = hotline.node.ctx.models.User.db.collection(collection).find(filter);
  const plan = JSON.stringify(await cursor.explain('queryPlanner'));
  return plan.includes('IXSCAN') && !plan.includes('COLLSCAN');
}

/** `$and` of plain parts is one filter; of two parts on one field either will do. */
function flat({ $and, ...rest }: Json): Json {
  const parts = (($and ?? []) as Json[]).map(flat);
  return [...parts, rest].reduce<Json>((whole, part) => ({ ...whole, ...part }), {});
}

const uses = (value: unknown, operators: string[]) =>
  typeof value === 'object' && value !== null && operators.some((each) => each in value);
const isRange = (value: unknown) => uses(value, ['$gt', '$gte', '$lt', '$lte']);
const isLoose = (value: unknown) => uses(value, ['$regex', '$ne', '$nin', '$exists']);

/** What of a filter an index covers from its first field on; null when that is nothing, or it is partial for others. */
function covered(filter: Json, keys: string[], partial: Json): Json | null {
  const asked = flat(filter);
  const part: Json = {};
  for (const key of keys) {
    const value = asked[key];
    if (value === undefined || isLoose(value)) break;
    // A row with all of them is among those with the first.
    part[key] = uses(value, ['$all']) ? (value as { $all: unknown[] }).$all[0] : value;
    // Behind a range the keys are in no order.
    if (isRange(value)) break;
  }
  if (Object.keys(part).length === 0) return null;
  for (const [key, value] of Object.entries(partial)) {
    if (asked[key] === undefined || (typeof value !== 'object' && asked[key] !== value)) return null;
  }
  return part;
}

/** @returns false = nothing but a look at every row answers it */
async function standsOnAnIndex(read: Read): Promise<boolean> {
  if (await isPlanned(read)) {
    planned.whole += 1;
    return true;
  }
  const models = Object.values(hotline.node.ctx.models);
  const model = models.find((each) => each.collection.collectionName === read.collection);
  for (const [keys, options] of model?.schema.indexes() ?? []) {
    const partial = (options as { partialFilterExpression?: Json }).partialFilterExpression ?? {};
    const filter = covered(read.filter, Object.keys(keys), partial);
    // A partial index is planned only with its own condition, which the filter holds.
    if (filter && (await isPlanned({ ...read, filter: { ...filter, ...partial } }))) {
      planned.inPart += 1;
      return true;
    }
  }
  return false;
}

const day = String(Date.UTC(2026, 5, 1));
const OF_STAFF: (readonly [Who, string])[] = (['admin', 'system', 'supervisor'] as const).flatMap((who) =>
  [
    '/user/list?type=VISITOR',
    '/user/list?type=VISITOR&name=li',
    '/user/ms/supervisor/list?name=li&department=xin',
    '/user/ms/counselor/list?name=%E6%9D%8E&gender=x',
    '/user/ms/counselor/list?phoneNumber=138',
    '/conversation/consultlist',
    '/conversation/consultlist?visitorName=li&property=level&direction=asc',
    '/conversation/consultlist?counselorName=li&status=FINISHED',
    '/conversation/consultlist?counselor=0123456789abcdef01234567',
    `/conversation/consultlist?startTime=1&endTime=${day}&property=duration`,
    `/conversation/consultlist?disposition=CRISIS&startTime=1&endTime=${day}`,
    '/conversation/7statistics',
    '/conversation/numberranking',
    '/conversation/ratedranking',
    '/conversation/todaychange',
  ].map((path) => [who, path] as const),
);
const OF_OTHERS: (readonly [Who, string])[] = [
  ['admin', '/user/list'],
  ['system', '/user/list'],
  ['admin', '/user/list?state=offline'],
  ['counselor', '/conversation/consultlist?visitorName=li'],
  ['counselor', '/conversation/7statistics'],
  ['counselor', '/conversation/todaychange'],
  ['visitor', '/conversation/current'],
  ['visitor', `/arrange/theday?timestamp=${day}&type=COUNSELOR`],
  ['visitor', `/arrange/theday?timestamp=${day}&type=SUPERVISOR&state=online`],
  ['visitor', '/user/ms/counselor/list'],
  ['counselor', '/message/conversation/web?conversationId='],
];

describe('answered from an index', () => {
  test.each([...OF_STAFF, ...OF_OTHERS])('%s %s', async (who, path) => {
    reads.length = 0;
    const answer = await fetch(hotline.node.url + path.replace(/conversationId=$/, `$&${conversation}`), {
      headers: { authorization: `Bearer ${people[who].token}` },
    });
    expect([answer.status, ((await answer.json()) as Json)['code']]).toEqual([200, 0]);
    const lists = [...reads].filter(({ filter }) => !isById(filter));
    const unserved: Read[] = [];
    for (const read of lists) if (!(await standsOnAnIndex(read))) unserved.push(read);
    expect(unserved).toEqual([]);
  });
});

test('a name is asked for by its pieces, and a filter that no index is for is found out', async () => {
  const name = { $regex: 'li', $options: 'i' };
  const users = { collection: 'users' };
  expect(await standsOnAnIndex({ ...users, filter: { name } })).toBe(false);
  expect(await standsOnAnIndex({ ...users, filter: { name, nameGrams: { $all: ['li'] } } })).toBe(true);
  expect(await standsOnAnIndex({ ...users, filter: { title: 'x' } })).toBe(false);
  // Some the stand-in plans whole, and the second question is needed too: neither half of this test is idle.
  expect(Math.min(planned.whole, planned.inPart)).toBeGreaterThan(10);
});
