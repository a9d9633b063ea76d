/**
 * T5 of the reliability plan: seats and claims as two nodes hand them out at once, judged against their
 * sequential specification. LINEAR_HISTORIES=300 is the long form (`npm run races`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Types } from 'mongoose';
import { requeueConversation } from '../../services/conversation/requeue.js';
import type { Ctx } from '../../services/context.js';
import { assign } from '../../services/matchmaking/assign.js';
import { pullSeat, takeSeat } from '../../services/matchmaking/seat.js';
import { startHotline, type Hotline } from '../support/app.js';
import {
  claimSpec,
  refute,
  seatSpec,
  type Call,
  type ClaimCall,
  type SeatCall,
} from '../support/checker-linear.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { report, saveLines } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';

const HISTORIES = Number(process.env['LINEAR_HISTORIES'] ?? 4);
const CALLERS = 8;
const OPEN = { state: 'OPEN' as const, breathingMs: 0 };
const seed = seedOf();
const random = seeded(seed);

let hotline: Hotline;
beforeAll(async () => {
  // No worker and nobody else: every step of these histories is one that was written down.
  hotline = await startHotline({ nodes: 2, env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const ctxOf = (caller: number): Ctx => (hotline.nodes[caller % 2] ?? hotline.node).ctx;

/** Eight callers at once; now and then one goes away without its answer. */
async function record<Input>(
  perCaller: number,
  next: () => Input,
  run: (ctx: Ctx, input: Input) => Promise<boolean>,
): Promise<Call<Input, boolean>[]> {
  const calls: Call<Input, boolean>[] = [];
  let lost = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let index = 0; index < perCaller; index += 1) {
        const input = next();
        const call: Call<Input, boolean> = {
          input,
          output: undefined,
          calledAt: performance.now(),
          returnedAt: Infinity,
        };
        calls.push(call);
        const answer = await run(ctxOf(caller), input);
        if (lost < 3 && random.next() < 0.02) lost += 1;
        else Object.assign(call, { output: answer, returnedAt: performance.now() });
        if (random.next() < 0.3) await pause(random.between(0, 3));
      }
    }),
  );
  return calls;
}

test('a checker that can say no: a seat given twice and a double winner are refuted', () => {
  const take = (conversation: string, output: boolean, calledAt: number, returnedAt: number) => ({
    input: { act: 'take' as const, conversation },
    output,
    calledAt,
    returnedAt,
  });
  expect(refute(seatSpec(1), [take('a', true, 0, 10), take('b', true, 5, 12)])).not.toBeNull();
  expect(refute(seatSpec(1), [take('a', true, 0, 10), take('b', false, 5, 12)])).toBeNull();
  expect(refute(seatSpec(2), [take('a', true, 0, 10), take('a', true, 5, 12)])).not.toBeNull();
  const claim = (counselor: string, output: boolean | undefined, calledAt: number, returnedAt: number) => ({
    input: { act: 'claim' as const, counselor },
    output,
    calledAt,
    returnedAt,
  });
  expect(refute(claimSpec, [claim('x', true, 0, 9), claim('y', true, 1, 8)])).not.toBeNull();
  expect(refute(claimSpec, [claim('x', undefined, 0, Infinity), claim('y', true, 1, 8)])).toBeNull();
  expect(refute(claimSpec, [claim('x', true, 0, 2), claim('y', true, 5, 8)])).not.toBeNull();
  const given = { ...claim('x', true, 3, 4), input: { act: 'give-back' as const, counselor: 'x' } };
  expect(refute(claimSpec, [claim('x', true, 0, 2), given, claim('y', true, 5, 8)])).toBeNull();
  const back = { ...claim('x', false, 3, 4), input: { act: 'give-back' as const, counselor: 'x' } };
  expect(refute(claimSpec, [claim('x', true, 0, 2), back])).not.toBeNull();
});

test('seats of one counselor, taken, freed and capped on two nodes at once, are linearizable', async () => {
  const violations: string[] = [];
  let operations = 0;
  for (let history = 0; history < HISTORIES; history += 1) {
    const counselor = await makeCounselor(hotline.node.ctx, 3);
    const conversations = Array.from({ length: 6 }, () => new Types.ObjectId());
    const next = (): SeatCall => {
      const draw = random.next();
      if (draw < 0.1) return { act: 'cap', cap: random.between(0, 4) };
      const conversation = random.pick(conversations).toHexString();
      return { act: draw < 0.6 ? 'take' : 'free', conversation };
    };
    const calls = await record(25, next, async (ctx, input) => {
      if (input.act === 'cap') {
        // As setCap does, without the round of admissions that follows it.
        await ctx.models.Duty.updateOne({ _id: counselor.user._id }, { $set: { maxConsults: input.cap } });
        return true;
      }
      const conversation = new Types.ObjectId(input.conversation);
      if (input.act === 'take') return takeSeat(ctx, counselor.user._id, conversation, 1, OPEN);
      await pullSeat(ctx, counselor.user._id, conversation);
      return true;
    });
    operations += calls.length;
    const wrong = refute(seatSpec(3), calls);
    if (wrong !== null)
      violations.push(
        `${saveLines(`T5-${String(seed)}-seats-${String(history)}`, calls)}: call ${String(wrong)}`,
      );
  }
  report({
    test: 'T5-seats',
    seed,
    counts: { histories: HISTORIES, operations, refuted: violations.length },
    violations,
  });
  expect(violations).toEqual([]);
}, 1_800_000);

test('one conversation, claimed for many counselors and given back, has one owner at a time', async () => {
  const violations: string[] = [];
  let operations = 0;
  for (let history = 0; history < HISTORIES; history += 1) {
    const institution = `linear-${String(seed)}-${String(history)}`;
    const { ctx } = hotline.node;
    await ctx.models.Institution.create({ _id: institution, name: institution });
    const counselors = await Promise.all(
      Array.from({ length: 4 }, () => makeCounselor(ctx, 50, { institution })),
    );
    const visitor = await makePerson(ctx, 'VISITOR', { institution });
    const _id = new Types.ObjectId();
    await ctx.models.Conversation.create({
      _id,
      key: await ctx.keys.createForConversation(_id, institution),
      type: 'COUNSELING_SESSION',
      status: 'WAITING',
      institution,
      visitor: visitor.user._id,
      open: true,
      queueScore: ctx.clock.now(),
    });
    const next = (): ClaimCall => ({
      act: random.next() < 0.6 ? 'claim' : 'give-back',
      counselor: random.pick(counselors).id,
    });
    const calls = await record(10, next, async (each, { act, counselor }) =>
      act === 'claim'
        ? assign(each, institution, { conversation: _id.toHexString(), counselor, why: '测试' })
        : requeueConversation(each, _id, new Types.ObjectId(counselor), 'HANDED_BACK'),
    );
    operations += calls.length;
    const wrong = refute(claimSpec, calls);
    if (wrong !== null)
      violations.push(
        `${saveLines(`T5-${String(seed)}-claims-${String(history)}`, calls)}: call ${String(wrong)}`,
      );
    // Whoever does not own it holds no seat for it (what was lost is withdrawn at once, not by a sweep).
    const row = await ctx.models.Conversation.findById(_id).lean().orFail();
    const holders = await ctx.models.Duty.find({ 'seats.conversation': _id }).lean();
    const expected = row.counselor ? [row.counselor.toHexString()] : [];
    const held = holders.map((duty) => duty._id.toHexString());
    if (held.join() !== expected.join())
      violations.push(`history ${String(history)}: owner ${expected.join()}, seats of ${held.join()}`);
  }
  report({
    test: 'T5-claims',
    seed,
    counts: { histories: HISTORIES, operations, refuted: violations.length },
    violations,
  });
  expect(violations).toEqual([]);
}, 1_800_000);
