import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  emptyTimeline,
  fromNewestPage,
  hasHole,
  merge,
  prepend,
  rowsOf,
} from '../../contract/client/timeline.js';
import type { PendingMessage } from '../../contract/client.js';
import { message } from './scripted.js';

const seqs = (messages: readonly { seq: number }[]) => messages.map(({ seq }) => seq);

const pending = (id: string, more: Partial<PendingMessage> = {}): PendingMessage => ({
  clientMsgId: id,
  conversationId: 'c1',
  kind: 'text',
  text: id,
  after: 0,
  time: 0,
  state: 'sending',
  ...more,
});

describe('the run of messages', () => {
  test('whatever the order, the number of doubles and the cuts, it ends as 1..n', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            order: fc.shuffledSubarray(
              Array.from({ length: count * 2 }, (_, at) => (at % count) + 1),
              { minLength: count * 2 },
            ),
            cut: fc.integer({ min: 1, max: 7 }),
          }),
        ),
        ({ count, order, cut }) => {
          let timeline = emptyTimeline();
          for (let from = 0; from < order.length; from += cut) {
            timeline = merge(
              timeline,
              order.slice(from, from + cut).map((seq) => message(seq)),
            );
            expect(seqs(timeline.messages)).toEqual(Array.from({ length: timeline.high }, (_, at) => at + 1));
          }
          expect(timeline.high).toBe(count);
          expect(hasHole(timeline)).toBe(false);
        },
      ),
    );
  });

  test('a message beyond a hole waits and is not shown', () => {
    const timeline = merge(emptyTimeline(), [message(1), message(3)]);
    expect(seqs(timeline.messages)).toEqual([1]);
    expect(hasHole(timeline)).toBe(true);
    expect(seqs(merge(timeline, [message(2)]).messages)).toEqual([1, 2, 3]);
  });

  test('what brings nothing new is the same object, so that nothing is drawn again', () => {
    const timeline = merge(emptyTimeline(), [message(1), message(2)]);
    expect(merge(timeline, [message(1), message(2)])).toBe(timeline);
  });

  test('a page of history goes in front only where it joins', () => {
    const timeline = fromNewestPage([message(8), message(9)], [message(10)]);
    expect([timeline.low, timeline.high]).toEqual([8, 10]);
    expect(prepend(timeline, [message(3), message(4)])).toBe(timeline);
    expect(seqs(prepend(timeline, [message(6), message(7)]).messages)).toEqual([6, 7, 8, 9, 10]);
  });

  test('a recall told by its numbered system message takes the words of the message away', () => {
    const recalled = message(3, { kind: 'system', event: 'recalled', ref: 1 });
    const timeline = merge(merge(emptyTimeline(), [message(1), message(2)]), [recalled]);
    expect(timeline.messages[0]).toMatchObject({ seq: 1, recalled: true });
    expect(timeline.messages[0]).not.toHaveProperty('text');
    expect(timeline.messages[1]).toHaveProperty('text');
  });

  test('a recall of a message that is paged in later still holds', () => {
    const newest = fromNewestPage([message(3, { kind: 'system', event: 'recalled', ref: 1 })]);
    expect(prepend(newest, [message(1), message(2)]).messages[0]).toMatchObject({ recalled: true });
  });
});

describe('the lines to show', () => {
  const keys = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => row.key);

  test('acknowledged at its seq, refused where it was written, on their way at the end', () => {
    const rows = rowsOf(
      [message(1), message(2), message(4)],
      [
        pending('going'),
        pending('refused', { state: 'failed', after: 1 }),
        pending('acked', { state: 'sent', receipt: { id: 'm3', seq: 3, time: 0 } }),
        pending('going too'),
      ],
    );
    expect(keys(rows)).toEqual(['m1', 'refused', 'm2', 'acked', 'm4', 'going', 'going too']);
  });

  test('an acknowledged line gives way to the stored one', () => {
    const sent = pending('id-1', { state: 'sent', receipt: { id: 'm1', seq: 1, time: 0 } });
    expect(rowsOf([message(1, { clientMsgId: 'id-1' })], [sent])).toHaveLength(1);
  });
});
