/** What a phone does besides talking: installs the page, shows help off line, tells that somebody is there, forgets. */
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { FIRST_LINK, linkOf, sealBody } from '../../services/message/seal.js';
import { by, openWindow, PHONE, seriousFaults, type Window } from '../support/browser.js';
import { makeCounselor } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';

const house = openHouse();
let proxy: Proxy;
let home: string;
const LONG = 30_000;
const WHOLE = 180_000;
/** How many pages of the long history are read; some 100 are all of it. */
const PAGES = Number(process.env.HISTORY_PAGES ?? 10);

beforeAll(async () => {
  proxy = await startProxy('127.0.0.1', Number(new URL(house.node.url).port));
  house.closes(proxy.close);
  home = `http://127.0.0.1:${String(proxy.port)}/visit/`;
});
beforeEach(() => {
  proxy.heal();
});

async function arrive(status: 'WAITING' | 'IN_PROGRESS'): Promise<Window> {
  const phone = await openWindow(house.browser, home, PHONE);
  await phone.page.goto(home);
  await by(phone, 'start').click();
  await by(phone, 'consent-agree').click();
  await phone.page.locator(`[data-testid=conversation][data-status=${status}]`).waitFor({ timeout: LONG });
  return phone;
}

test(
  'the page can be installed, opens off line with the crisis lines, and keeps no answer of the API',
  async () => {
    const phone = await openWindow(house.browser, home, PHONE);
    const sent = phone.page.waitForResponse(/\/visit\/assets\/index-.*\.js$/);
    await phone.page.goto(`${home}?i=ecnu`);
    await by(phone, 'home').waitFor();
    // On a phone's network the bytes are the slow part.
    expect(await (await sent).allHeaders()).toMatchObject({ 'content-encoding': 'br' });
    const cdp = await phone.context.newCDPSession(phone.page);
    await until(
      () => phone.page.evaluate<boolean>('navigator.serviceWorker.controller !== null'),
      'a worker serves the page',
      LONG,
    );
    const { data, errors } = await cdp.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data ?? '{}')).toMatchObject({ display: 'standalone', start_url: '/visit/?i=ecnu' });
    // Headless Chromium has no window to install from, which it says itself; of ours there is nothing to say.
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
      [],
    );

    proxy.cut();
    await phone.page.reload();
    await by(phone, 'standstill').waitFor({ timeout: LONG });
    for (const number of ['12356', '110', '120'])
      expect(await by(phone, `call-${number}`).first().getAttribute('href')).toBe(`tel:${number}`);
    await by(phone, 'emergency').click();
    await by(phone, 'emergency-card').waitFor();
    expect(await seriousFaults(phone.page)).toEqual([]);
    const kept = await phone.page.evaluate<string[]>(
      'caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))).then((lists) => lists.flat().map(({ url }) => new URL(url).pathname))',
    );
    expect(kept.filter((path) => !path.startsWith('/visit/'))).toEqual([]);
    expect(await phone.page.evaluate('Object.keys(localStorage)')).toEqual(['hl.device']);

    proxy.heal();
    await by(phone, 'sheet-close').click();
    await by(phone, 'home').waitFor({ timeout: LONG });
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE,
);

test(
  'whoever waits is told in the background that somebody is there, if they wished so',
  async () => {
    const phone = await arrive('WAITING');
    await by(phone, 'notice-ask').waitFor();
    expect(await seriousFaults(phone.page)).toEqual([]);
    await phone.context.grantPermissions(['notifications'], { origin: new URL(home).origin });
    await by(phone, 'notice-ask').click();
    await by(phone, 'notice-on').waitFor();
    // A page of a headless browser never leaves the front.
    await phone.page.evaluate(
      "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true })",
    );
    await makeCounselor(house.node.ctx, 20, { name: '林悦' });
    const titles = () =>
      phone.page.evaluate<string[]>(
        'navigator.serviceWorker.ready.then((worker) => worker.getNotifications()).then((list) => list.map(({ title, body }) => title + body))',
      );
    await until(async () => (await titles()).length > 0, 'told', LONG);
    // A lock screen is read by others.
    expect(await titles()).toEqual(['可以开始了点这里回到页面。']);
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE,
);

test(
  'a quick exit ends the session, forgets everything, and neither Back nor a worker brings the page up again',
  async () => {
    const phone = await openWindow(house.browser, home, PHONE);
    await phone.page.goto(home);
    await by(phone, 'see-history').click();
    await by(phone, 'history').waitFor();
    await phone.page.goBack();
    await by(phone, 'start').click();
    await by(phone, 'consent-agree').click();
    await phone.page
      .locator('[data-testid=conversation][data-status=IN_PROGRESS]')
      .waitFor({ timeout: LONG });
    await by(phone, 'composer').fill('不想被别人看到');
    await by(phone, 'composer').press('Enter');
    await phone.page.getByText('不想被别人看到').first().waitFor();
    await by(phone, 'quick-exit').click();
    await phone.page.waitForURL('**/visit/blank.html');
    const { models } = house.node.ctx;
    const ended = () => models.Conversation.findOne({ status: 'FINISHED' }).lean();
    expect(await until(ended, 'ended', LONG)).toMatchObject({ endCause: 'VISITOR_ENDED' });
    await until(
      () => phone.page.evaluate<boolean>('caches.keys().then((names) => names.length === 0)'),
      'no cache',
      LONG,
    );
    expect(await phone.page.evaluate('Object.keys(localStorage)')).toEqual([]);
    expect(await phone.page.evaluate('Object.keys(sessionStorage)')).toEqual(['hl.left']);
    await phone.page.goBack();
    await phone.page.waitForURL((url) => url.href === 'about:blank' || url.pathname === '/visit/blank.html');
    expect(await phone.page.getByText('不想被别人看到').count()).toBe(0);
    expect(await by(phone, 'home').count()).toBe(0);
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE,
);

/** So many lines behind the last one of a session, sealed as the journal does it. */
async function fill(count: number): Promise<void> {
  const { ctx } = house.node;
  const row = await ctx.models.Conversation.findOne({ open: true }).sort({ _id: -1 }).lean().orFail();
  const key = await ctx.keys.conversation(row.key.toHexString());
  // The page may show that somebody is there before the line that says so is written.
  const { seq: last } = await until(
    () => ctx.models.Message.findOne({ conversation: row._id, event: 'assigned' }).lean(),
    'the line that somebody is there',
    LONG,
  );
  const begun = ctx.clock.now() - count * 20_000;
  let link: Buffer = FIRST_LINK;
  const rows = Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const _id = new Types.ObjectId();
    const own = number % 2 === 0;
    const header = {
      ...{ _id, conversation: row._id, seq: last + number, kind: 'text' as const },
      sender: own ? row.visitor : row.counselor,
      at: new Date(begun + number * 20_000),
    };
    // Of many heights, as people write.
    const text = `第 ${String(number)} 条${'，慢慢说，我在听'.repeat((number * 7) % 12)}`;
    const sealed = sealBody(key, { text }, _id, row.institution);
    link = linkOf(link, header, sealed.digest);
    const senderType = own ? ('VISITOR' as const) : ('COUNSELOR' as const);
    return { ...header, senderType, clientMsgId: `h${String(number)}`, ...sealed, link };
  });
  // In parts: the stand-in answers nobody while it takes thousands of rows at once.
  for (let from = 0; from < count; from += 500) {
    await ctx.models.Message.collection.insertMany(rows.slice(from, from + 500), { ordered: false });
  }
  await ctx.models.Conversation.updateOne({ _id: row._id }, { $set: { lastSeq: last + count } });
}

/**
 * Scrolls up to where the page before is asked for, and answers by how many pixels, at most, the line in sight moved
 * while that page was put in front.
 */
const TURN = `async () => {
  const log = document.querySelector('[data-testid=log]');
  const number = (row) => /第 (\\d+) 条/.exec(row.textContent);
  // Before the first of them stands what the house said.
  const rows = () => [...log.querySelectorAll('[data-testid=message]')].filter(number);
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  // As a reader goes up: past every line, so that each has been measured. At 330 nothing is asked for yet; there the
  // list comes to rest.
  const until = performance.now() + 20000;
  const loads = () => document.querySelector('.older') !== null;
  for (let calm = 0, height = 0; calm < 5 && performance.now() < until; await frame()) {
    calm = log.scrollTop === 330 && log.scrollHeight === height && !loads() ? calm + 1 : 0;
    height = log.scrollHeight;
    log.scrollTop = Math.max(330, log.scrollTop - 400);
  }
  const top = log.getBoundingClientRect().top;
  const anchor = rows().find((row) => row.getBoundingClientRect().top >= top);
  const [name] = number(anchor);
  const place = () => {
    const same = rows().find((row) => row.textContent.includes(name));
    return same === undefined ? 9999 : same.getBoundingClientRect().top;
  };
  const before = place() + 100;
  const height = log.scrollHeight;
  log.scrollTop -= 100;
  await frame();
  let slowest = 0, jump = 0, grown = false;
  // What the page brings is measured in the frames after it.
  for (let after = 0, last = performance.now(); after < 8 && performance.now() < until; after += grown ? 1 : 0) {
    await frame();
    slowest = Math.max(slowest, performance.now() - last);
    last = performance.now();
    jump = Math.max(jump, Math.abs(place() - before));
    grown ||= log.scrollHeight >= height + 1000;
  }
  return { first: number(rows()[0])[1], grown, jump, drawn: rows().length, slowest };
}`;

test(
  'five thousand lines: pages are put in front without a jump, and only what is in sight is drawn',
  async () => {
    await makeCounselor(house.node.ctx, 20);
    const phone = await arrive('IN_PROGRESS');
    await fill(5_000);
    await phone.page.reload();
    await by(phone, 'log').getByText('第 5000 条').waitFor({ timeout: LONG });
    const turns: { first: string; grown: boolean; jump: number; drawn: number; slowest: number }[] = [];
    while (turns.length < PAGES) {
      const turn = await phone.page.evaluate<(typeof turns)[number]>(`(${TURN})()`);
      if (!turn.grown) break;
      turns.push(turn);
      if (Number(turn.first) <= 20) break;
    }
    if (PAGES >= 110) {
      console.log(
        `${String(turns.length)} pages; slowest frame ${Math.max(...turns.map(({ slowest }) => slowest)).toFixed(0)} ms`,
      );
      await by(phone, 'log').evaluate('(log) => { log.scrollTop = 0; }');
      await by(phone, 'log')
        .getByText(/^第 1 条/)
        .waitFor({ timeout: LONG });
    } else expect(turns).toHaveLength(PAGES);
    expect(turns.filter(({ jump }) => jump > 2)).toEqual([]);
    expect(Math.max(...turns.map(({ drawn }) => drawn))).toBeLessThan(60);
    // From far up back to the last one, in one tap, and on with the talk.
    await by(phone, 'unseen').click();
    await by(phone, 'log').getByText('第 5000 条').waitFor({ timeout: LONG });
    await by(phone, 'composer').fill('说到哪儿了');
    await by(phone, 'composer').press('Enter');
    await by(phone, 'log').getByText('说到哪儿了').waitFor({ timeout: LONG });
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE + PAGES * 4_000,
);

/** In place of the phone's own: a view that a keyboard takes the lower part of, and moves down the page as iOS does. */
const KEYBOARD = `window.view = new EventTarget();
Object.assign(window.view, { height: innerHeight, width: innerWidth, offsetTop: 0, offsetLeft: 0, scale: 1 });
Object.defineProperty(window, 'visualViewport', { value: window.view });
window.keyboard = (height, top) => {
  Object.assign(window.view, { height: innerHeight - height, offsetTop: top });
  window.view.dispatchEvent(new Event('resize'));
};`;

test(
  'the keyboard of a phone covers neither what is written nor the last line, and the page is not zoomed',
  async () => {
    await makeCounselor(house.node.ctx, 5, { name: '林悦' });
    const phone = await openWindow(house.browser, home, PHONE);
    await phone.page.addInitScript(KEYBOARD);
    await phone.page.goto(home);
    await by(phone, 'start').click();
    await by(phone, 'consent-agree').click();
    await phone.page
      .locator('[data-testid=conversation][data-status=IN_PROGRESS]')
      .waitFor({ timeout: LONG });
    for (let line = 1; line <= 12; line += 1) {
      await by(phone, 'composer').fill(`第${String(line)}句`);
      await by(phone, 'composer').press('Enter');
    }
    const last = by(phone, 'log').getByText('第12句');
    await last.waitFor({ timeout: LONG });
    const composer = by(phone, 'composer');
    await composer.focus();
    for (const [height, top] of [
      [336, 0],
      [336, 120],
      [0, 0],
    ] as const) {
      await phone.page.evaluate(`keyboard(${String(height)}, ${String(top)})`);
      const [above, below] = [top, top + PHONE.height - height];
      const isWithin = async (place: typeof composer) => {
        const box = await place.boundingBox();
        return box !== null && box.y >= above && box.y + box.height <= below;
      };
      await until(async () => (await isWithin(composer)) && (await isWithin(last)), 'in sight', LONG);
    }
    // Safari zooms the page to a box with smaller letters.
    const size = "parseFloat(getComputedStyle(document.querySelector('[data-testid=composer]')).fontSize)";
    expect(await phone.page.evaluate<number>(size)).toBeGreaterThanOrEqual(16);
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE,
);
