/**
 * Every documented list, count and statistic of the hotline API over 1 000 000 messages, 100 000 sessions and
 * 50 000 visitors, against the bare driver's query of the same filter, sort, page and count; by turns, in one run.
 * Filling takes minutes: a folder in BENCH_DATA keeps it for the next run.
 *
 *   node bench/listing.mjs      BENCH_DATA=folder  SECONDS=2 (a call)  ONLY=/conversation  WHO=admin,visitor
 */
import { median, quantile, quiet } from './lib/machine.mjs';
import { fill, LONG } from './lib/library.mjs';
import { report } from './lib/report.mjs';
import { migrated, onStage } from './lib/stage.mjs';

const SECONDS = Number(process.env.SECONDS ?? 2);
const ONLY = process.env.ONLY ?? '';
const WHO = process.env.WHO?.split(',');
const [LEAST, MOST] = [3, 60];
const DAY = 86_400_000;
const dist = (path) => import(`../dist/${path}`);
/** The same each time: what is kept must be readable by the next run. */
const KEYS = Object.fromEntries(
  ['DATA_KEY', 'PEPPER', 'JWT_SECRET'].map((name) => [name, Buffer.alloc(32, name).toString('base64')]),
);

onStage(async (stage) => {
  const env = {
    ...stage.env,
    ...KEYS,
    DATABASE: 'bench_listing',
    KEY_PREFIX: 'bench-listing',
    FACES: 'server',
  };
  await migrated(env);
  const [{ assemble }, { loadConfig }] = await Promise.all([
    dist('bin/assemble.js'),
    dist('platform/config.js'),
  ]);
  // The days of what is kept stay today and yesterday.
  let behind = 0;
  const clock = { now: () => Date.now() - behind, monotonic: () => performance.now() };
  const node = await assemble(loadConfig(env), { clock });
  const { ctx } = node;
  const note = ctx.mongo.collection('benchNotes');
  let kept = await note.findOne({ _id: 'listing' });
  if (!kept) {
    const pages = [];
    const [begun, now] = [performance.now(), clock.now()];
    const progress = (what) =>
      process.stdout.write(`  ${Math.round((performance.now() - begun) / 1_000)} s: ${what}\n`);
    const atMark = async (messages, id) => pages.push(...(await readPages(ctx, id, messages)));
    const made = await fill(ctx, now, dist, { progress, atMark });
    kept = { _id: 'listing', ...made, pages, seconds: Math.round((performance.now() - begun) / 1_000) };
    await note.insertOne(kept);
  }
  behind = Date.now() - kept.now;
  node.http.listen(0, '127.0.0.1');
  const calls = (await callsOf(ctx, kept)).filter(
    ({ who, path }) => path.includes(ONLY) && (WHO?.includes(who) ?? true),
  );
  const rows = [];
  for (const call of calls) {
    rows.push(await measure(call, `http://127.0.0.1:${node.http.address().port}${call.path}`));
    const { ratio, who, call: path, ...row } = rows.at(-1);
    process.stdout.write(`  ${ratio.toFixed(2)}  ${Math.round(row['p50 ms'])} ms  ${who} ${path}\n`);
  }
  await node.close();
  const small = rows.filter(({ matches }) => matches <= 10_000);
  const worst = (list, read) => Math.max(...list.map(read));
  const flat = kept.pages.filter(({ place }) => place === 'last page');
  report(stage, 'listing', {
    rows,
    goals: [
      { figure: 'the highest ratio', value: worst(rows, ({ ratio }) => ratio), goal: '≤ 2' },
      {
        figure: 'the highest p95 over HTTP of what matches ≤ 10 000, ms',
        value: worst(small, (row) => row['HTTP p95 ms']),
        goal: '≤ 100',
      },
      {
        figure: 'the last page of a conversation: all messages there / its own 10 k',
        value: flat.at(-1)['p50 ms'] / flat[0]['p50 ms'],
        goal: '≤ 1.5',
      },
    ],
  });
  report(stage, 'message-pages', { rows: kept.pages });
});

/** Both by turns: what else the machine does strikes both. */
async function measure({ who, path, headers, run, bare }, url) {
  const asked = async () => {
    const answer = await fetch(url, { headers });
    const body = await answer.json();
    if (answer.status !== 200 || body.code !== 0)
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  };
  const { count } = await asked();
  const matches = count ?? 0;
  await run();
  await bare();
  await quiet(500);
  const [ours, theirs, http] = [[], [], []];
  const end = performance.now() + SECONDS * 1_000;
  while (ours.length < MOST && (ours.length < LEAST || performance.now() < end)) {
    ours.push(await timed(run));
    theirs.push(await timed(bare));
    http.push(await timed(asked));
  }
  return {
    ...{ who, call: path, matches, 'p50 ms': median(ours), 'p95 ms': quantile(ours, 0.95) },
    ...{ 'driver p50': median(theirs), 'driver p95': quantile(theirs, 0.95) },
    ...{ ratio: median(ours) / median(theirs), 'HTTP p95 ms': quantile(http, 0.95) },
  };
}

async function timed(run) {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** Who asks, and what; each with the query that a bare driver would be given. */
async function callsOf(ctx, { long, now }) {
  const { User, Conversation, Message, Evaluation, WeeklyRule } = Object.fromEntries(
    Object.entries(ctx.models).map(([name, model]) => [name, model.collection]),
  );
  const own = { institution: 'bench0' };
  const who = {};
  const session = await ctx.models.Conversation.findById(long).lean();
  const { createSession } = await dist('services/account/session.js');
  const signIn = async (name, filter) => {
    const user = await ctx.models.User.findOne(filter).lean();
    who[name] = { ...(await createSession(ctx, user)), id: user._id };
  };
  await signIn('system', { role: 'SYSTEM_ADMINISTRATOR' });
  await signIn('admin', { ...own, role: 'INSTITUTION_ADMINISTRATOR' });
  await signIn('supervisor', { ...own, role: 'SUPERVISOR' });
  await signIn('counselor', { _id: session.counselor });
  await signIn('visitor', { _id: session.visitor });

  const bound = (await User.find({ supervisors: who.supervisor.id }).toArray()).map(({ _id }) => _id);
  const called = (
    await Conversation.find({ type: 'REQUEST_SUPERVISE', 'calls.supervisor': who.supervisor.id }).toArray()
  ).map((thread) => thread.session);
  const people = { system: {}, admin: own, supervisor: own, visitor: own };
  const seen = {
    ...{ system: {}, admin: own, counselor: { ...own, counselor: who.counselor.id } },
    supervisor: {
      ...own,
      $or: [{ counselor: { $in: bound } }, { supervisors: who.supervisor.id }, { _id: { $in: called } }],
    },
  };
  const services = await servicesOf();
  const calls = [];
  const add = (name, path, service, bare) => {
    const { token, actor } = who[name];
    const run = () => service(ctx, actor, Object.fromEntries(new URL(path, 'http://x').searchParams));
    calls.push({ who: name, path, headers: { authorization: `Bearer ${token}` }, run, bare });
  };
  /** A page and its count, as every list answers both. */
  const listed =
    (collection, filter, sort, { page = 1, size = 10 } = {}) =>
    () =>
      Promise.all([
        collection
          .find(filter)
          .sort(sort)
          .skip((page - 1) * size)
          .limit(size)
          .toArray(),
        collection.countDocuments(filter),
      ]);
  const like = (text) => ({ $regex: text, $options: 'i' });
  const oldest = { createdAt: 1, _id: 1 };

  for (const name of ['system', 'admin', 'supervisor']) {
    const visitors = { ...people[name], role: 'VISITOR', deleted: false };
    if (name !== 'supervisor') {
      add(name, '/user/list', services.users, listed(User, { ...people[name], deleted: false }, oldest));
      add(
        name,
        '/user/list?page=400',
        services.users,
        listed(User, { ...people[name], deleted: false }, oldest, { page: 400 }),
      );
    }
    add(name, '/user/list?type=VISITOR', services.users, listed(User, visitors, oldest));
    for (const text of ['李', '李秀', '秀英'])
      add(
        name,
        `/user/list?type=VISITOR&name=${encodeURIComponent(text)}`,
        services.users,
        listed(User, { ...visitors, name: like(text) }, oldest),
      );
    const staff = (role) => ({ ...people[name], role, deleted: false });
    add(name, '/user/ms/supervisor/list', services.supervisors, listed(User, staff('SUPERVISOR'), oldest));
    add(name, '/user/ms/counselor/list', services.counselors, listed(User, staff('COUNSELOR'), oldest));
    const [part, text, gender] = ['学', '英', '女'];
    const query = new URLSearchParams({ name: text, department: part, gender });
    const filtered = { ...staff('COUNSELOR'), name: like(text), department: like(part), gender };
    add(name, `/user/ms/counselor/list?${query}`, services.counselors, listed(User, filtered, oldest));
  }
  add(
    'visitor',
    '/user/ms/counselor/list',
    services.counselors,
    listed(User, { ...own, role: 'COUNSELOR', deleted: false, enabled: true }, oldest),
  );

  const from = now - 200 * DAY;
  for (const name of ['system', 'admin', 'supervisor', 'counselor']) {
    const base = { ...seen[name], type: 'COUNSELING_SESSION', deletedAt: null };
    const consults = (query, filter, field = 'createdAt', order = -1, page = 1) =>
      add(
        name,
        `/conversation/consultlist${query}`,
        services.consults,
        listed(Conversation, { ...base, ...filter }, { [field]: order, _id: order }, { page }),
      );
    consults('', {});
    consults('?page=40', {}, 'createdAt', -1, 40);
    for (const [property, field] of Object.entries({
      ...{ level: 'level', startTime: 'startAt', endTime: 'endAt', duration: 'duration' },
      ...{ visitorName: 'visitorName', counselorName: 'counselorName' },
    }))
      consults(`?property=${property}&direction=desc`, {}, field, -1);
    consults('?property=level&direction=asc', {}, 'level', 1);
    consults(`?visitorName=${encodeURIComponent('李秀')}`, { visitorName: like('李秀') });
    consults(`?counselorName=${encodeURIComponent('张')}`, { counselorName: like('张') });
    consults('?status=FINISHED', { status: 'FINISHED' });
    consults('?status=OPEN', { status: { $in: ['WAITING', 'IN_PROGRESS'] } });
    const within = { startAt: { $gte: new Date(from), $lte: new Date(from + 30 * DAY) } };
    consults(`?startTime=${from}&endTime=${from + 30 * DAY}`, within);

    const begun = (first, group) => () =>
      Conversation.aggregate([
        { $match: { ...base, startAt: { $gte: new Date(first), $lte: new Date(now) } } },
        { $group: { _id: group, count: { $sum: 1 } } },
      ]).toArray();
    const byDay = { $dateTrunc: { date: '$startAt', unit: 'day', timezone: 'Asia/Shanghai' } };
    add(name, '/conversation/7statistics', services.seven, begun(now - 7 * DAY, byDay));
    const all = { ...(name === 'system' ? {} : own), type: 'COUNSELING_SESSION', deletedAt: null };
    const { startOfDay, dayOf } = services.days;
    const month = new Date(startOfDay(`${dayOf(now).slice(0, 7)}-01`));
    add(name, '/conversation/numberranking', services.numbers, () =>
      Conversation.aggregate([
        { $match: { ...all, startAt: { $gte: month, $lte: new Date(now) } } },
        { $group: { _id: '$counselor', count: { $sum: 1 } } },
        { $sort: { count: -1, _id: 1 } },
      ]).toArray(),
    );
    add(name, '/conversation/ratedranking', services.ratings, () =>
      Evaluation.aggregate([
        { $match: { ...(name === 'system' ? {} : own), at: { $gte: month, $lte: new Date(now) } } },
        { $group: { _id: '$counselor', average: { $avg: '$level' }, count: { $sum: 1 } } },
        { $sort: { average: -1, _id: 1 } },
      ]).toArray(),
    );
    const today = startOfDay(dayOf(now));
    const count = (first, last) =>
      Conversation.countDocuments({ ...base, startAt: { $gte: new Date(first), $lte: new Date(last) } });
    add(name, '/conversation/todaychange', services.today, () =>
      Promise.all([count(today, now), count(today - DAY, now - DAY)]),
    );
  }
  const mine = { visitor: who.visitor.id, type: 'COUNSELING_SESSION', deletedAt: null };
  add(
    'visitor',
    '/conversation/current',
    services.current,
    listed(Conversation, mine, { createdAt: -1, _id: -1 }, { size: 200 }),
  );
  for (const type of ['COUNSELOR', 'SUPERVISOR'])
    add('visitor', `/arrange/theday?timestamp=${now}&type=${type}`, services.theDay, async () => {
      const rules = await WeeklyRule.find({ ...own, role: type }).toArray();
      const ids = rules.map(({ _id }) => _id);
      return User.find({ _id: { $in: ids }, ...own, role: type, deleted: false }).toArray();
    });
  const { _id: conversation } = session;
  for (const page of [1, LONG / 50 / 2, LONG / 50])
    add(
      'counselor',
      `/message/conversation/web?conversationId=${long}&page=${page}`,
      services.transcript,
      () => {
        const seq = { $gt: (page - 1) * 50, $lte: page * 50 };
        return Promise.all([
          Message.find({ conversation, seq }).sort({ seq: 1 }).toArray(),
          Message.countDocuments({ conversation }),
        ]);
      },
    );
  return calls;
}

/** Each as its route calls it: the input through the route's own schema. */
async function servicesOf() {
  const { allRoutes } = await dist('server/routes/index.js');
  const days = await dist('services/roster/day.js');
  const through = (path) => {
    const route = allRoutes.find((each) => each.path === path && each.method === 'get');
    if (!route) throw new Error(`no route ${path}`);
    return (ctx, actor, query) => route.handle({ ctx, actor, input: route.input.parse(query), files: {} });
  };
  return {
    days,
    users: through('/user/list'),
    supervisors: through('/user/ms/supervisor/list'),
    counselors: through('/user/ms/counselor/list'),
    consults: through('/conversation/consultlist'),
    seven: through('/conversation/7statistics'),
    numbers: through('/conversation/numberranking'),
    ratings: through('/conversation/ratedranking'),
    today: through('/conversation/todaychange'),
    current: through('/conversation/current'),
    theDay: through('/arrange/theday'),
    transcript: through('/message/conversation/web'),
  };
}

/** Pages of 50 at the beginning, the middle and the end of the long conversation. */
async function readPages(ctx, id, messages) {
  const { readRange } = await dist('services/message/history.js');
  const conversation = await ctx.models.Conversation.findById(id).lean();
  const rows = [];
  for (const [place, from] of [
    ['first page', 0],
    ['in the middle', LONG / 2],
    ['last page', LONG - 50],
  ]) {
    const took = [];
    for (let time = 0; time < 60; time += 1)
      took.push(await timed(() => readRange(ctx, conversation, from, from + 50)));
    rows.push({ messages, place, 'p50 ms': median(took), 'p95 ms': quantile(took, 0.95) });
  }
  return rows;
}
