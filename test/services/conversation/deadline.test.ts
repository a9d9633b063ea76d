import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { standingClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson } from '../../support/factories.js';
import { markAlive } from '../../../services/time/uptime.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { authenticatedActor } from '../../support/factories.js';

let hotline: Hotline;
let clock: TestClock;
beforeAll(async () => {
  // It stands still between the jumps: on a slow machine nothing falls due by itself.
  clock = standingClock();
  // Without the worker face nothing sweeps by itself: the test says when.
  hotline = await startHotline({ clock, env: { FACES: 'server,realtime' } });
});
afterAll(() => hotline.stop());

const MINUTE = 60_000;

async function sweepAll() {
  const { sweeps } = await import('../../../workers/jobs/sweep.js');
  for (const run of Object.values(sweeps)) await run(hotline.node.ctx);
}
async function opened(counselorCap: number) {
  const counselor = await makeCounselor(hotline.node.ctx, counselorCap);
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const answer = await http(hotline.node.url, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  return { counselor, visitor, id: (answer.body.result as { id: string }).id };
}
/** Time goes by while the platform is up: a worker marks that it is alive. */
async function pass(ms: number) {
  for (let left = ms; left > 0; left -= 20_000) {
    clock.advance(Math.min(left, 20_000));
    await markAlive(hotline.node.ctx);
  }
}
const read = async (id: string) => hotline.node.ctx.models.Conversation.findById(id).lean().orFail();
const say = async (visitor: { token: string }, conversationId: string, clientMsgId: string) =>
  acceptMessage(hotline.node.ctx, await authenticatedActor(hotline.node.ctx, visitor.token), {
    conversationId,
    clientMsgId,
    kind: 'text',
    text: '嗯',
  });

test('text ends after an hour, never before, once; the seat is free and the end is in the transcript', async () => {
  const { counselor, visitor, id } = await opened(1);
  for (let minute = 0; minute < 55; minute += 5) {
    await say(visitor, id, `m${String(minute)}`);
    await pass(5 * MINUTE - 1_000);
    await sweepAll();
  }
  expect((await read(id)).status).toBe('IN_PROGRESS');
  const { deadlines } = await read(id);
  const limit = deadlines.find((deadline) => deadline.kind === 'limit')!.at.getTime();
  clock.advance(limit - clock.now() - 500);
  await say(visitor, id, 'last');
  await sweepAll();
  expect((await read(id)).status).toBe('IN_PROGRESS');
  clock.advance(1_000);
  await Promise.all([sweepAll(), sweepAll()]);
  const ended = await read(id);
  expect(ended).toMatchObject({ status: 'TIME_OUT', endCause: 'TIME_LIMIT', sealed: true });
  expect(ended.duration).toBeGreaterThanOrEqual(3600);
  const { models } = hotline.node.ctx;
  expect(await models.Message.countDocuments({ conversation: id, event: 'ended' })).toBe(1);
  expect((await models.Duty.findById(counselor.id).lean().orFail()).seats).toEqual([]);
});

test('voice has forty minutes', async () => {
  const { counselor, id } = await opened(0);
  const { models, admissions } = hotline.node.ctx;
  await models.Conversation.updateOne({ _id: id }, { $set: { channel: 'VOICE' } });
  await models.Duty.updateOne({ _id: counselor.id }, { $set: { maxConsults: 1 } });
  await admissions.admit('ecnu');
  const { status, startAt, deadlines } = await read(id);
  expect(status).toBe('IN_PROGRESS');
  const after = deadlines.map(({ kind, at }) => [kind, (at.getTime() - (startAt?.getTime() ?? 0)) / MINUTE]);
  expect(after).toContainEqual(['limit', 40]);
  expect(after.filter(([kind]) => kind === 'cue').map(([, minutes]) => minutes)).toEqual([30, 35, 39]);
});

test('ten silent minutes end it; a word moves the deadline', async () => {
  const { visitor, id } = await opened(1);
  await pass(9 * MINUTE);
  await say(visitor, id, 'still here');
  await pass(9 * MINUTE);
  await sweepAll();
  expect((await read(id)).status).toBe('IN_PROGRESS');
  await pass(2 * MINUTE);
  await sweepAll();
  expect(await read(id)).toMatchObject({ status: 'TIME_OUT', endCause: 'SILENCE' });
});

test('whoever waits too long is told what else helps, and is free to come again', async () => {
  const { visitor, id } = await opened(0);
  expect((await read(id)).status).toBe('WAITING');
  clock.advance(31 * MINUTE);
  await sweepAll();
  expect(await read(id)).toMatchObject({ status: 'EXPIRED', endCause: 'NOBODY_FREE' });
  const page = await http(hotline.node.url, 'GET', `/api/v1/conversations/${id}/messages`, {
    token: visitor.token,
  });
  expect(page.body.result).toMatchObject([
    { event: 'emergency-card', text: expect.stringContaining('12356') },
    { event: 'ended' },
  ]);
  const again = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} });
  expect((again.body.result as { id: string }).id).not.toBe(id);
});

test('an end that a crash interrupted after its first step is completed', async () => {
  const { counselor, id } = await opened(1);
  // Exactly what step 1 of an end leaves behind.
  await hotline.node.ctx.models.Conversation.updateOne(
    { _id: id },
    {
      $set: {
        status: 'FINISHED',
        endCause: 'VISITOR_ENDED',
        endAt: new Date(clock.now()),
        sealed: false,
        deadlines: [],
      },
      $unset: { open: 1 },
    },
  );
  clock.advance(6_000);
  await sweepAll();
  expect((await read(id)).sealed).toBe(true);
  const { models } = hotline.node.ctx;
  expect(await models.Message.countDocuments({ conversation: id, event: 'ended' })).toBe(1);
  expect((await models.Duty.findById(counselor.id).lean().orFail()).seats).toEqual([]);
});

test('a seat whose conversation never followed is withdrawn, and its visitor is served by the next try', async () => {
  const { counselor, id } = await opened(0);
  const row = await read(id);
  // Exactly what the first step of an assignment leaves behind.
  await hotline.node.ctx.models.Duty.updateOne(
    { _id: counselor.id },
    {
      $set: { maxConsults: 1 },
      $push: {
        seats: { conversation: row._id, state: 'OPEN', attempt: row.attempt, at: new Date(clock.now()) },
      },
    },
  );
  clock.advance(6_000);
  await sweepAll();
  await sweepAll();
  const now = await read(id);
  expect(now).toMatchObject({ status: 'IN_PROGRESS', attempt: row.attempt + 1 });
  expect((await hotline.node.ctx.models.Duty.findById(counselor.id).lean().orFail()).seats).toHaveLength(1);
});

test('time in which the whole platform was down is nobody’s silence', async () => {
  const { visitor, id } = await opened(1);
  await say(visitor, id, 'before');
  await sweepAll();
  clock.advance(20 * MINUTE);
  await sweepAll();
  expect((await read(id)).status).toBe('IN_PROGRESS');
  await pass(11 * MINUTE);
  await sweepAll();
  expect((await read(id)).endCause).toBe('SILENCE');
});

test('both sides are told at ten, five and one minute before the end, each once', async () => {
  const { visitor, id } = await opened(1);
  // In steps of eight minutes first: any word within ten keeps it from ending in silence.
  for (let minute = 0; minute < 59;) {
    const step = minute < 48 ? 8 : 1;
    minute += step;
    await pass(step * MINUTE);
    await say(visitor, id, `t${minute}`);
    await Promise.all([sweepAll(), sweepAll()]);
  }
  const { models } = hotline.node.ctx;
  expect(await models.Message.countDocuments({ conversation: id, event: 'time-cue' })).toBe(3);
  const answer = await http(hotline.node.url, 'GET', `/api/v1/conversations/${id}/messages?limit=200`, {
    token: visitor.token,
  });
  const cues = (answer.body.result as { event?: string; data?: { minutes: number } }[]).filter(
    (row) => row.event === 'time-cue',
  );
  expect(cues.map((row) => row.data?.minutes)).toEqual([10, 5, 1]);
});

test('a silent visitor is asked at three and at seven minutes, and again after the next word', async () => {
  const { visitor, id } = await opened(1);
  const asked = () =>
    hotline.node.ctx.models.Message.countDocuments({ conversation: id, event: 'silence-check' });
  const counts: number[] = [];
  for (let minute = 1; minute <= 8; minute += 1) {
    await pass(MINUTE);
    await sweepAll();
    counts.push(await asked());
  }
  expect(counts).toEqual([0, 0, 1, 1, 1, 1, 2, 2]);
  await say(visitor, id, 'still here');
  for (let minute = 1; minute <= 4; minute += 1) {
    await pass(MINUTE);
    await sweepAll();
  }
  expect(await asked()).toBe(3);
});
