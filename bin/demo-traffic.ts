/**
 * Lets the demo live for a while: visitors come as guests, counselors who are off line go on line, they talk, end
 * and rate, all through the same doors as people. Called by scripts/demo-traffic.mjs, which knows where it runs.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { PublicConfig } from '../contract/config.js';
import type { Conversation } from '../contract/conversation.js';
import type { Duty, Me } from '../contract/user.js';
import { md5OfClear } from '../services/account/password.js';
import { writeDialogue, type Line } from '../services/demo/dialogue.js';
import { DEMO_PEOPLE, type DemoLogin } from '../services/demo/people.js';
import { createRandom, type Random } from '../services/demo/random.js';
import { NICKNAMES } from '../services/demo/topics/common.js';
import { TOPICS } from '../services/demo/topics/index.js';
import { call, connect, type Connected } from './demo-client.js';

export interface TrafficOptions {
  url: string;
  counselors: DemoLogin[];
  seconds: number;
  /** Ends it early; what is open is ended first. */
  signal: AbortSignal;
  tell: (state: string) => void;
}

const COUNSELORS = 3;
const VISITOR_EVERY_MS = 4_000;
const VISITORS = 40;
/** How much faster than people they talk. */
const HASTE = 18;
/** How long a visitor waits for a counselor who is not ours: a person at the console. */
const ANSWER_MS = 15_000;
const FAREWELL_MS = 10_000;

interface Stage extends TrafficOptions {
  random: Random;
  /** Our counselors by user id. */
  ours: Map<string, Connected>;
  counts: { waiting: number; talking: number; messages: number; rated: number; failed: number };
}

/** @returns once everybody has gone home again */
export async function demoTraffic(options: TrafficOptions): Promise<void> {
  const { signal, seconds, tell } = options;
  // Not AbortSignal.any over AbortSignal.timeout: in Node 20 the collector may take the timeout away.
  const end = new AbortController();
  const { signal: over } = end;
  const stop = () => {
    end.abort();
  };
  signal.addEventListener('abort', stop);
  const timer = setTimeout(stop, seconds * 1_000);
  // Every pause of everybody listens to it.
  setMaxListeners(0, over);
  const stage: Stage = {
    ...options,
    signal: over,
    random: createRandom(Date.now()),
    ours: new Map(),
    counts: { waiting: 0, talking: 0, messages: 0, rated: 0, failed: 0 },
  };
  const begun = performance.now();
  const line = () => {
    const { waiting, talking, messages, rated, failed } = stage.counts;
    const spent = Math.round((performance.now() - begun) / 1_000);
    tell(
      `${spent} s: ${stage.ours.size} counselors on line, ${waiting} waiting, ${talking} talking, ` +
        `${messages} messages, ${rated} rated${failed > 0 ? `, ${failed} failed` : ''}`,
    );
  };
  const ticker = setInterval(line, 1_000);
  const visits: Promise<void>[] = [];
  try {
    await bringCounselors(stage);
    for (let number = stage.random.between(0, VISITORS - 1); !over.aborted; number += 1) {
      visits.push(visit(stage, number % VISITORS).catch(() => void (stage.counts.failed += 1)));
      await wait(stage, VISITOR_EVERY_MS);
    }
  } finally {
    await Promise.race([Promise.allSettled(visits), pause(FAREWELL_MS, undefined, { ref: false })]);
    await Promise.allSettled([...stage.ours.values()].map(sendHome));
    clearTimeout(timer);
    clearInterval(ticker);
    line();
  }
}

/** Only those who are off line: who is on line is a person, whose console is left alone. */
async function bringCounselors(stage: Stage): Promise<void> {
  const first = new Set(DEMO_PEOPLE.filter(({ house }) => house === 'first').map(({ username }) => username));
  for (const { username, password } of stage.counselors.filter((login) => first.has(login.username))) {
    if (stage.ours.size === COUNSELORS || stage.signal.aborted) return;
    const { token } = await call(stage.url, 'POST', '/auth/login', {
      json: { username, password: md5OfClear(password) },
    });
    if (token === null) throw new Error(`log-in of ${username} gave no token`);
    const duty = (await call<Duty>(stage.url, 'GET', '/api/v1/me/duty', { token })).result;
    if (duty.state !== 'offline' || duty.maxConsults === 0) {
      await logOut(stage.url, token);
      continue;
    }
    const me = (await call<Me>(stage.url, 'GET', '/auth/me', { token })).result;
    const counselor = await connect(stage.url, token, me);
    stage.ours.set(me.id, counselor);
    await counselor.ask('presence:set', { state: 'online' });
  }
}

async function sendHome(counselor: Connected): Promise<void> {
  await counselor.ask('presence:set', { state: 'offline' });
  counselor.close();
  await logOut(counselor.url, counselor.token);
}

/** The documented log-out answers 403 by design: what counts is that the session is over. */
const logOut = (url: string, token: string): Promise<unknown> =>
  fetch(`${url}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });

/** One visitor, from the link to the rating. The same number is the same visitor the next time. */
async function visit(stage: Stage, number: number): Promise<void> {
  const { url, random, counts } = stage;
  const device = `demo-traffic-${String(number).padStart(4, '0')}`;
  const guest = await call<{ token: string; me: Me }>(url, 'POST', '/api/v1/guest', {
    json: { device, name: NICKNAMES[number % NICKNAMES.length] },
  });
  const { token, me } = guest.result;
  const config = (await call<PublicConfig>(url, 'GET', '/config', { token })).result;
  await call(url, 'POST', '/api/v1/consent', {
    token,
    json: { version: config.consent.version, research: false },
  });
  const visitor = await connect(url, token, me);
  try {
    const opened = await visitor.ask('conversation:open', {});
    const begun = await admitted(stage, visitor, opened);
    if (begun) await talk(stage, visitor, begun);
    const ender = begun?.counselor && random.chance(0.5) ? stage.ours.get(begun.counselor.id) : undefined;
    await (ender ?? visitor).ask('conversation:end', { conversationId: opened.id });
    if (begun && !stage.signal.aborted && random.chance(0.8)) {
      await wait(stage, random.between(1_000, 3_000));
      const json = {
        conversationId: opened.id,
        objectType: 'CONVERSATION',
        level: random.pick([3, 4, 4, 5, 5, 5]),
      };
      await call(url, 'PUT', '/evaluate', { token, json });
      counts.rated += 1;
    }
  } finally {
    visitor.close();
  }
}

/** The conversation once a counselor has it; null when the time was over first. */
async function admitted(
  stage: Stage,
  visitor: Connected,
  opened: Conversation,
): Promise<Conversation | null> {
  stage.counts.waiting += 1;
  try {
    let latest = opened;
    while (latest.status === 'WAITING' && !stage.signal.aborted) {
      await Promise.race([visitor.heard('conversation:updated'), wait(stage, 2_000)]);
      // Asked and not only heard: a push may be lost.
      const answer = await visitor.ask('sync', { conversations: [{ id: opened.id, after: 0 }] });
      latest = answer.conversations[0]?.conversation ?? latest;
    }
    return latest.status === 'IN_PROGRESS' ? latest : null;
  } finally {
    stage.counts.waiting -= 1;
  }
}

async function talk(stage: Stage, visitor: Connected, conversation: Conversation): Promise<void> {
  const { random, counts } = stage;
  const counselor = stage.ours.get(conversation.counselor?.id ?? '');
  const topic = random.weighted(
    TOPICS.filter(({ sensitive }) => !sensitive),
    ({ weight }) => weight,
  );
  const script = writeDialogue(random, topic, conversation.counselor?.name ?? '', 'whole');
  // Its beginning and its end, so that a minute sees some of them through.
  const lines = [...script.slice(0, 8), ...script.slice(8).slice(-4)];
  counts.talking += 1;
  try {
    for (const [index, line] of lines.entries()) {
      if (stage.signal.aborted) return;
      const speaker = line.who === 'visitor' ? visitor : counselor;
      if (speaker) await speak(stage, speaker, conversation.id, line, index);
      else if (lines[index + 1]?.who === 'visitor')
        await Promise.race([visitor.heard('message:created'), wait(stage, ANSWER_MS)]);
    }
  } finally {
    counts.talking -= 1;
  }
}

async function speak(
  stage: Stage,
  speaker: Connected,
  conversationId: string,
  line: Line,
  index: number,
): Promise<void> {
  await wait(stage, line.gap / HASTE / 2);
  await speaker.ask('typing:set', { conversationId, on: true });
  await wait(stage, line.gap / HASTE / 2);
  const clientMsgId = `traffic-${speaker.me.id}-${String(index)}`;
  const { seq } = await speaker.ask('message:send', {
    conversationId,
    clientMsgId,
    kind: 'text',
    text: line.text,
  });
  await speaker.ask('message:read', { conversationId, seq });
  stage.counts.messages += 1;
}

/** A pause that the end cuts short. */
async function wait(stage: Stage, ms: number): Promise<void> {
  await pause(ms, undefined, { signal: stage.signal }).catch(() => undefined);
}
