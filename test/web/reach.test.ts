/** A jump into a long history asks for no more pages than it needs, and for none that nobody wants any more. */
import { expect, test } from '@jest/globals';
import type { Message } from '../../contract/message.js';
import { MOST_PAGES, reach } from '../../web/console/thread/reach.js';

/** A client that holds the newest 50 of so many lines. */
function holding(lines: number) {
  let first = Math.max(1, lines - 49);
  let asked = 0;
  const client = {
    load: () => Promise.resolve(),
    older: (_id: string, size = 50) => {
      asked += 1;
      first = Math.max(1, first - size);
      return Promise.resolve(true);
    },
    getState: () =>
      ({
        conversations: { a: { messages: [{ seq: first } as Message], hasOlder: first > 1 } },
      }) as unknown as ReturnType<Parameters<typeof reach>[0]['getState']>,
  };
  return { client, asked: () => asked };
}
const at = (seq: number) => ({ conversationId: 'a', seq });

test('what is held is gone to at once, what is not by large pages', async () => {
  const { client, asked } = holding(1_000);
  expect(await reach(client, at(960), () => true)).toBe(true);
  expect(asked()).toBe(0);
  expect(await reach(client, at(500), () => true)).toBe(true);
  expect(asked()).toBe(3);
});

test('whoever goes elsewhere meanwhile has no further page asked for', async () => {
  const { client, asked } = holding(10_000);
  expect(await reach(client, at(1), () => asked() < 2)).toBe(false);
  expect(asked()).toBe(2);
});

test('there is a bound to the way', async () => {
  const { client, asked } = holding(100_000);
  expect(await reach(client, at(1), () => true)).toBe(false);
  expect(asked()).toBe(MOST_PAGES);
});
