import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Models } from '../../../models/index.js';
import {
  createCutoffReader,
  raiseSession,
  raiseUser,
  type CutoffReader,
  type CutoffRow,
} from '../../../services/account/cutoff.js';
import { createSessionCache } from '../../../services/account/session-cache.js';
import { createSession, endOtherSessions, endSession } from '../../../services/account/session.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makePerson } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { wordOf } from './word.js';

/** Two nodes that hear nothing of each other but through MongoDB: the bus of the second is cut. */
let hotline: Hotline;
let first: Ctx;
let second: Ctx;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  [first, second] = hotline.nodes.map((node) => node.ctx) as [Ctx, Ctx];
  await second.bus.close();
});
afterAll(() => hotline.stop());

const readers: CutoffReader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.stop();
});

/** A third node of its own: reads that can be held up, clocks that can jump, no bus. */
function lonelyNode() {
  let ahead = 0;
  let reads = 0;
  let gate: (read: number) => Promise<void> = () => Promise.resolve();
  const models = {
    ...first.models,
    Cutoff: {
      collection: {
        find: (filter: object) => ({
          toArray: async () => {
            reads += 1;
            await gate(reads);
            return first.models.Cutoff.collection.find(filter).toArray();
          },
        }),
      },
    },
  } as unknown as Models;
  const clock = { now: () => Date.now() + ahead, monotonic: () => performance.now() + ahead };
  const { config, log } = first;
  const cutoffs = createCutoffReader({ models, clock, log, bus: { on: () => undefined } });
  readers.push(cutoffs);
  return {
    cutoffs,
    sessions: createSessionCache({ models: first.models, clock, config, cutoffs, log }),
    reads: () => reads,
    /** As if the process had stood still for so long. */
    sleep: (ms: number) => (ahead += ms),
    hold(next: (read: number) => Promise<void>) {
      gate = next;
    },
  };
}

describe('a cut-off', () => {
  const cuts: Record<string, (user: string, session: string) => Promise<unknown>> = {
    'of a user': (user) => raiseUser(first, user, 'test'),
    'of a session': (_user, session) => endSession(first, session, 'logged-out'),
    'of a session by its version alone': (_user, session) => raiseSession(first, session, 'test'),
    'of a banned user': (user) => raiseUser(first, user, 'banned', { $set: { enabled: false } }),
  };

  test.each(Object.keys(cuts))(
    '%s counts on the other node within a second without the bus',
    async (name) => {
      const { id, user } = await makePerson(first, 'VISITOR');
      const session = await createSession(first, user);
      const principal = await second.sessions.authenticate(session.token);
      await second.sessions.check(principal);
      await cuts[name]?.(id, session.actor.session);
      const answered = performance.now();
      // On the node itself the next call is refused already.
      expect(await wordOf(first.sessions.authenticate(session.token))).toMatch(/UNAUTHENTICATED|BANNED/);
      const word = await until(
        async () => {
          const answer = await wordOf(second.sessions.check(principal));
          return answer !== 'ok' && answer;
        },
        'refused on the other node',
        2_000,
      );
      expect(performance.now() - answered).toBeLessThan(1_000);
      expect(word).toBe(name === 'of a banned user' ? 'BANNED' : 'UNAUTHENTICATED');
      expect(await wordOf(second.sessions.authenticate(session.token))).toBe(word);
    },
  );

  test('comes at once where the bus works', async () => {
    const heard: CutoffRow[] = [];
    first.cutoffs.onRaised((row) => heard.push(row));
    const { id } = await makePerson(first, 'VISITOR');
    const version = await raiseUser(first, id, 'test');
    // On its own node before the call is answered, whatever the next read finds.
    expect(first.cutoffs.version('user', id)).toBe(version);
    await pause(1_200);
    // Read again and again inside the overlap, told once.
    expect(heard.filter((row) => row.ref === id)).toEqual([
      { subject: 'user', ref: id, version, reason: 'test' },
    ]);
  });

  test('of somebody unknown is NOT_FOUND, of a session unknown nothing', async () => {
    expect(await wordOf(raiseUser(first, 'f'.repeat(24), 'test'))).toBe('NOT_FOUND');
    expect(await wordOf(raiseUser(first, 'x', 'test'))).toBe('NOT_FOUND');
    expect(await raiseSession(first, 'x', 'test')).toBe(0);
  });

  test('of a user while they log in: the session that is made stays dead', async () => {
    const { id, user } = await makePerson(first, 'VISITOR');
    await raiseUser(first, id, 'test');
    // As read before the credentials were checked.
    const session = await createSession(first, user);
    expect(await wordOf(first.sessions.authenticate(session.token))).toBe('UNAUTHENTICATED');
  });

  test('leaves a later log-in alone', async () => {
    const { id } = await makePerson(first, 'VISITOR');
    await raiseUser(first, id, 'test');
    const user = await first.models.User.findById(id).lean().orFail();
    const session = await createSession(first, user);
    for (const node of [first, second])
      expect(await wordOf(node.sessions.authenticate(session.token))).toBe('ok');
  });

  test('of all other sessions keeps the calling one, on every node', async () => {
    const { user } = await makePerson(first, 'COUNSELOR');
    const mine = await createSession(first, user);
    const other = await createSession(first, user);
    const principal = await second.sessions.authenticate(mine.token);
    const { userVersion } = principal;
    await second.sessions.authenticate(other.token);
    await endOtherSessions(first, mine.actor, 'password');
    await until(
      async () => (await wordOf(second.sessions.authenticate(other.token))) !== 'ok',
      'other ended',
      1_000,
    );
    expect(await wordOf(first.sessions.authenticate(other.token))).toBe('UNAUTHENTICATED');
    await second.sessions.check(principal);
    expect(principal.userVersion).toBe(userVersion + 1);
    expect(await wordOf(first.sessions.authenticate(mine.token))).toBe('ok');
  });

  test('over HTTP answers the documented 403 on the other node', async () => {
    const { id, token } = await makePerson(first, 'VISITOR');
    const me = () => http(hotline.nodes[1]?.url ?? '', 'GET', '/auth/me', { token });
    expect((await me()).status).toBe(200);
    await raiseUser(first, id, 'banned', { $set: { enabled: false } });
    await until(async () => (await me()).status === 403, 'refused', 1_000);
    expect((await me()).body).toMatchObject({ error: 'Forbidden', path: '/auth/me' });
  });
});

describe('a node that was away', () => {
  test('lets nothing in before it has read', async () => {
    const node = lonelyNode();
    await node.cutoffs.start();
    const { id, token } = await makePerson(first, 'VISITOR');
    const principal = await node.sessions.authenticate(token);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    node.hold(() => held);
    await raiseUser(first, id, 'banned', { $set: { enabled: false } });
    node.sleep(60_000);
    expect(node.cutoffs.isFresh()).toBe(false);
    let answered = 0;
    const asked = [node.sessions.check(principal), node.sessions.authenticate(token)].map(async (each) => {
      const word = await wordOf(each);
      answered += 1;
      return word;
    });
    await pause(1_500);
    expect(answered).toBe(0);
    release();
    expect(await Promise.all(asked)).toEqual(['BANNED', 'BANNED']);
  });

  test('reads its whole absence, not the overlap alone', async () => {
    const node = lonelyNode();
    await node.cutoffs.start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    node.hold(() => held);
    const { id } = await makePerson(first, 'VISITOR');
    await raiseUser(first, id, 'test');
    // The row stands at the beginning of an hour's absence; the overlap is 10 s.
    node.sleep(3_600_000);
    release();
    await node.cutoffs.fresh();
    expect(node.cutoffs.version('user', id)).toBe(2);
  });

  test('answers UNAVAILABLE when it cannot read for 5 s', async () => {
    const node = lonelyNode();
    await node.cutoffs.start();
    const { token } = await makePerson(first, 'VISITOR');
    node.hold(() => Promise.reject(new Error('no database')));
    node.sleep(2_000);
    const began = performance.now();
    expect(await wordOf(node.sessions.authenticate(token))).toBe('UNAVAILABLE');
    expect(performance.now() - began).toBeGreaterThan(4_500);
    node.hold(() => Promise.resolve());
    // A busy database may need more than one such wait: it is asked until it answers, and nothing of the refusal stays.
    await until(
      async () => (await wordOf(node.sessions.authenticate(token))) === 'ok',
      'an answer again',
      30_000,
    );
  }, 45_000);

  test('is not held up for ever by one read that hangs', async () => {
    const node = lonelyNode();
    await node.cutoffs.start();
    const hangs = node.reads() + 1;
    node.hold((read) => (read === hangs ? new Promise(() => undefined) : Promise.resolve()));
    await until(() => node.reads() === hangs, 'the read that hangs');
    node.sleep(2_000);
    await node.cutoffs.fresh();
    expect(node.reads()).toBeGreaterThan(hangs);
  });

  test('costs no database read while nothing happens', async () => {
    const { token } = await makePerson(first, 'VISITOR');
    const principal = await first.sessions.authenticate(token);
    const found: string[] = [];
    const { Session } = first.models;
    const findById = Session.findById.bind(Session);
    Session.findById = ((id: string) => {
      found.push(id);
      return findById(id);
    }) as typeof Session.findById;
    for (let count = 0; count < 1_000; count += 1) await first.sessions.check(principal);
    Session.findById = findById;
    expect(found).toEqual([]);
  });
});
