/** The list of a desk: an answer that is older than what was pushed meanwhile takes nothing away. */
import { expect, test } from '@jest/globals';
import type { Message } from '../../contract/message.js';
import { joinPreviews, nothingYet, type Meanwhile } from '../../web/console/live/previews.js';

const line = (conversationId: string, seq: number) => ({ conversationId, seq }) as Message;
const told = (conversationId: string, seq: number, unread: number) => ({
  conversationId,
  last: seq === 0 ? null : line(conversationId, seq),
  unread,
});
const meanwhile = (...counted: Message[]): Meanwhile => ({ ...nothingYet(), counted });
const EMPTY = { unread: {}, last: {} };

test('what the server tells is shown', () => {
  expect(joinPreviews([told('a', 4, 2), told('b', 0, 0)], EMPTY, nothingYet())).toEqual({
    unread: { a: 2, b: 0 },
    last: { a: line('a', 4), b: null },
  });
});

test('a message that came after the answer was made is shown and counted', () => {
  const pushed = line('a', 5);
  expect(
    joinPreviews([told('a', 4, 1)], { unread: { a: 1 }, last: { a: pushed } }, meanwhile(pushed)),
  ).toEqual({ unread: { a: 2 }, last: { a: pushed } });
});

test('a message that the answer knows already is not counted twice', () => {
  const pushed = line('a', 5);
  expect(
    joinPreviews([told('a', 5, 1)], { unread: { a: 1 }, last: { a: pushed } }, meanwhile(pushed)),
  ).toEqual({ unread: { a: 1 }, last: { a: pushed } });
});

test('a conversation that began after the answer was made keeps its row', () => {
  const pushed = line('new', 2);
  const shown = { unread: { new: 1, old: 3 }, last: { new: pushed, old: line('old', 9) } };
  expect(joinPreviews([], shown, meanwhile(pushed))).toEqual({ unread: { new: 1 }, last: { new: pushed } });
});

test('what was read meanwhile stays read, and what came after it is new', () => {
  const next = line('a', 6);
  const shown = { unread: { a: 1 }, last: { a: next } };
  const read = new Map([['a', 5]]);
  expect(joinPreviews([told('a', 5, 3)], shown, { counted: [line('a', 5), next], read })).toEqual({
    unread: { a: 1 },
    last: { a: next },
  });
});
