/**
 * A database as large as years leave it: institutions, people, sessions, ratings, messages; written straight through
 * the driver in the models' own shapes, once. A folder that is kept (BENCH_DATA) keeps it.
 */
import { ObjectId } from 'mongodb';

/** SCALE=0.01 tries the script out. */
const SCALE = Number(process.env.SCALE ?? 1);
export const SIZES = {
  institutions: 10,
  visitors: 50_000 * SCALE,
  conversations: 100_000 * SCALE,
  messages: Math.max(20_000, 1_000_000 * SCALE),
};
/** Messages of the one long conversation, which is written first: the smallest of the marks. */
export const LONG = 10_000;
const MARKS = [10_000, 100_000, SIZES.messages];
const DAY = 86_400_000;
const YEARS = 2 * 365 * DAY;
const COUNSELORS = 20;
const SUPERVISORS = 3;
const LINE = '今天还是睡不好，脑子里总在想白天的事，想找人说说。';
const FAMILY = '李王张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗';
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞梅鑫波宇浩';

/** The same numbers every time. */
function mulberry(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param now the moment up to which there is a past, epoch ms
 * @param atMark told at 10 k, 100 k and all messages, with what is needed to read the long conversation
 */
export async function fill(ctx, now, dist, { progress, atMark }) {
  await clear(ctx);
  const random = mulberry(5);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const nameOf = () => pick(FAMILY) + pick(GIVEN) + (random() < 0.5 ? pick(GIVEN) : '');
  const { gramsOf } = await dist('models/grams.js');
  const { models } = ctx;
  const shapeOf = (model, fields) => {
    const { _id, ...shape } = new model(fields).toObject();
    return shape;
  };

  const people = makePeople();
  await insert(models.User, people.all);
  await insert(models.Duty, people.duties);
  await insert(models.WeeklyRule, people.rules);
  progress(`${people.all.length} people`);

  const keys = new Map();
  for (const code of people.codes) keys.set(code, await ctx.keys.createForConversation(new ObjectId(), code));
  const { sessions, threads, ratings } = makeSessions();
  await insert(models.Conversation, [...sessions, ...threads]);
  await insert(models.Evaluation, ratings);
  await rollUp([...sessions, ...threads], ratings);
  progress(`${sessions.length} sessions, ${threads.length} threads, ${ratings.length} ratings`);
  await writeMessages();
  return { now, long: String(sessions[0]._id) };

  function makePeople() {
    const codes = Array.from({ length: SIZES.institutions }, (_each, index) => `bench${index}`);
    const shape = shapeOf(models.User, { userID: 0, role: 'VISITOR', institution: '', username: '' });
    const dutyShape = shapeOf(models.Duty, {
      ...{ institution: '', maxConsults: 5, presenceAt: new Date(now), idleSince: new Date(now) },
    });
    const made = { codes, all: [], counselors: new Map(), visitors: new Map(), duties: [], rules: [] };
    let userID = 1_000_000;
    const add = (role, institution, more = {}) => {
      const name = nameOf();
      const createdAt = new Date(now - YEARS - DAY + made.all.length * 1_000);
      userID += 1;
      const user = {
        ...{ ...shape, _id: new ObjectId(), userID, role, institution, username: `bench-${userID}` },
        ...{ name, nameGrams: gramsOf(name), createdAt, updatedAt: createdAt, __v: 0 },
        ...{ gender: pick(['男', '女']), department: pick(['心理学院', '学生处', '校医院']) },
        ...more,
      };
      made.all.push(user);
      return user;
    };
    const consent = { version: 'x', at: new Date(now), research: false, by: 'tap' };
    made.system = add('SYSTEM_ADMINISTRATOR', codes[0]);
    for (const code of codes) {
      add('INSTITUTION_ADMINISTRATOR', code);
      const supervisors = Array.from({ length: SUPERVISORS }, () => add('SUPERVISOR', code));
      const counselors = Array.from({ length: COUNSELORS }, (_each, index) =>
        add('COUNSELOR', code, { supervisors: [supervisors[index % SUPERVISORS]._id] }),
      );
      made.counselors.set(code, counselors);
      for (const user of [...supervisors, ...counselors]) {
        const presence = pick(['online', 'busy', 'away', 'offline']);
        made.duties.push({ ...dutyShape, _id: user._id, institution: code, presence });
        const spans = [{ from: '2000-01-01', until: null, weekDays: [1, 2, 3, 4, 5, 6, 7] }];
        made.rules.push({ _id: user._id, institution: code, role: user.role, userID: user.userID, spans });
      }
      made.visitors.set(
        code,
        Array.from({ length: SIZES.visitors / codes.length }, () => add('VISITOR', code, { consent })),
      );
    }
    return made;
  }

  function makeSessions() {
    const required = { type: 'COUNSELING_SESSION', status: 'FINISHED', institution: '', key: new ObjectId() };
    const { unrolled: _mark, ...shape } = shapeOf(models.Conversation, required);
    const {
      unrolled: _other,
      untold: _told,
      ...rating
    } = shapeOf(models.Evaluation, {
      ...{ conversation: required.key, objectType: 'CONVERSATION', rater: required.key },
      ...{ institution: '', at: new Date(now) },
    });
    const made = { sessions: [], threads: [], ratings: [] };
    let left = SIZES.messages - LONG;
    for (let index = 0; index < SIZES.conversations; index += 1) {
      const institution = people.codes[index % people.codes.length];
      const visitor = pick(people.visitors.get(institution));
      const counselor = pick(people.counselors.get(institution));
      // In the order of their beginnings, as life would have written them.
      const createdAt = new Date(now - YEARS + ((YEARS - 7_200_000) * index) / SIZES.conversations);
      const began = random() >= 0.08;
      const duration = 300 + Math.floor(random() * 3_300);
      const startAt = began ? new Date(createdAt.getTime() + Math.floor(random() * 60_000)) : null;
      const endAt = new Date((startAt ?? createdAt).getTime() + (began ? duration * 1_000 : 600_000));
      const level = began && random() < 0.6 ? 1 + Math.floor(random() * 5) : null;
      const evenly = index === SIZES.conversations - 1 ? left : 2 + (index % 17);
      const lastSeq = index === 0 ? LONG : Math.min(left, evenly);
      if (index > 0) left -= lastSeq;
      const status = began ? (random() < 0.8 ? 'FINISHED' : 'TIME_OUT') : 'EXPIRED';
      const counselorName = began ? counselor.name : null;
      const session = {
        ...{ ...shape, _id: new ObjectId(), institution, status, key: keys.get(institution) },
        ...{ visitor: visitor._id, visitorName: visitor.name, visitorNameGrams: visitor.nameGrams },
        ...{ counselor: began ? counselor._id : null, counselorName },
        ...{ counselorNameGrams: gramsOf(counselorName), startAt, endAt, level, conversationLevel: level },
        ...{ duration: began ? duration : null, endCause: began ? 'visitor' : 'expired', lastSeq },
        ...{ sealed: true, sealedSeq: lastSeq, createdAt, updatedAt: endAt, __v: 0 },
      };
      made.sessions.push(session);
      if (level !== null)
        made.ratings.push({
          ...{ ...rating, _id: new ObjectId(), conversation: session._id, rater: visitor._id, level },
          ...{ counselor: counselor._id, institution, at: endAt, __v: 0 },
        });
      if (began && index % 50 === 0) made.threads.push(threadOf(session, counselor));
    }
    return made;
  }

  function threadOf(session, counselor) {
    const [supervisor] = counselor.supervisors;
    const { endAt: at } = session;
    return {
      ...{ ...session, _id: new ObjectId(), type: 'REQUEST_SUPERVISE', session: session._id },
      ...{ visitor: null, visitorName: null, visitorNameGrams: gramsOf(null), supervisors: [supervisor] },
      ...{
        calls: [{ supervisor, state: 'ACCEPTED', at, reachedAt: at, leftAt: at }],
        lastSeq: 0,
        level: null,
      },
    };
  }

  /** As services/statistics/rollup.ts leaves them; its transactions of fifty would take an hour. */
  async function rollUp(conversations, ratings) {
    const [{ sourcesOf, factsId }, { startOf }, { GRAINS }] = await Promise.all([
      dist('services/statistics/sources.js'),
      dist('services/statistics/rollup.js'),
      dist('models/rollup.js'),
    ]);
    const { epoch } = await models.RollupState.findById('rollup').lean();
    const facts = [];
    const rows = new Map();
    const kinds = { c: conversations, e: ratings, p: [] };
    for (const source of sourcesOf(models))
      for (const row of kinds[source.kind]) {
        const { institution } = row;
        const cells = source.facts(row, now);
        if (cells.length > 0)
          facts.push({ _id: factsId(epoch, source.kind, row._id), epoch, institution, cells });
        for (const { at, counselor, values } of cells)
          for (const grain of GRAINS) {
            const start = startOf(grain, at);
            const _id = [epoch, grain, institution, counselor?.toHexString() ?? '', start].join('|');
            const sum = rows.get(_id) ?? {
              _id,
              epoch,
              grain,
              institution,
              counselor,
              at: new Date(start),
              values: {},
            };
            for (const [name, value] of Object.entries(values))
              sum.values[name] = (sum.values[name] ?? 0) + value;
            rows.set(_id, sum);
          }
      }
    await insert(models.RolledFacts, facts);
    await insert(models.Rollup, [...rows.values()]);
  }

  async function writeMessages() {
    const { FIRST_LINK, linkOf, sealBody } = await dist('services/message/seal.js');
    const opened = new Map();
    for (const [code, key] of keys) opened.set(code, await ctx.keys.conversation(key.toHexString()));
    let written = 0;
    let batch = [];
    const flush = async () => {
      await insert(models.Message, batch);
      written += batch.length;
      batch = [];
      if (MARKS.includes(written)) await atMark(written, String(sessions[0]._id));
      if (written % 100_000 === 0) progress(`${written} messages`);
    };
    for (const session of sessions) {
      let link = FIRST_LINK;
      const begun = (session.startAt ?? session.createdAt).getTime();
      for (let seq = 1; seq <= session.lastSeq; seq += 1) {
        const byVisitor = seq % 2 === 1 || session.counselor === null;
        const message = {
          ...{ _id: new ObjectId(), conversation: session._id, seq, kind: 'text', clientMsgId: `m${seq}` },
          ...{ sender: byVisitor ? session.visitor : session.counselor, at: new Date(begun + seq * 1_000) },
          ...{ senderType: byVisitor ? 'VISITOR' : 'COUNSELOR' },
        };
        Object.assign(
          message,
          sealBody(opened.get(session.institution), { text: LINE }, message._id, session.institution),
        );
        message.link = link = linkOf(link, message, message.digest);
        batch.push(message);
        if (batch.length === 5_000) await flush();
      }
    }
    if (batch.length > 0) await flush();
  }
}

/** What a run that was broken off left. */
async function clear({ models }) {
  const { User, Duty, WeeklyRule, DataKey, Conversation, Evaluation, RolledFacts, Rollup, Message } = models;
  for (const model of [
    User,
    Duty,
    WeeklyRule,
    DataKey,
    Conversation,
    Evaluation,
    RolledFacts,
    Rollup,
    Message,
  ])
    await model.collection.deleteMany({});
}

/** Two batches under way; small ones, so that no write comes near the connection's time-out on a slow engine. */
async function insert({ collection }, rows) {
  const under = new Set();
  for (let from = 0; from < rows.length; from += 500) {
    const writing = collection.insertMany(rows.slice(from, from + 500), {
      ordered: false,
      writeConcern: { w: 1 },
    });
    under.add(writing);
    void writing.finally(() => under.delete(writing)).catch(() => undefined);
    if (under.size >= 2) await Promise.race(under);
  }
  await Promise.all(under);
}
