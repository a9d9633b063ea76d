/**
 * @jest-environment jsdom
 *
 * What is really drawn: WXML through WeChat's own compiler (miniprogram-simulate), on the files that are shipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

interface Drawn {
  dom: HTMLElementLike;
  instance: { data: Record<string, unknown>; setData(part: object): void };
  attach(parent: unknown): void;
  querySelector(selector: string): Drawn | undefined;
  querySelectorAll(selector: string): Drawn[];
  dispatchEvent(name: string, options?: object): void;
  addEventListener(name: string, listener: (event: { detail: unknown }) => void): void;
}
interface HTMLElementLike {
  textContent: string;
  innerHTML: string;
}
interface Simulate {
  load(path: string, options: { rootPath: string }): string;
  render(id: string, properties?: object): Drawn;
  sleep(ms: number): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = mkdtempSync(join(tmpdir(), 'miniprogram-'));
const require = createRequire(import.meta.url);
const called: string[] = [];
let simulate: Simulate;

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'miniprogram/build.mjs'), '--out', dist, '--without-tim'], {
    cwd: root,
  });
  const world = globalThis as unknown as { wx: Record<string, unknown>; getCurrentPages: () => [] };
  world.wx = {
    getAppBaseInfo: () => ({ language: 'zh_CN' }),
    makePhoneCall: ({ phoneNumber }: { phoneNumber: string }) => called.push(phoneNumber),
    exitMiniProgram: () => called.push('exit'),
    getFileSystemManager: () => ({}),
    clearStorageSync: () => called.push('cleared'),
  };
  world.getCurrentPages = () => [];
  simulate = require('miniprogram-simulate') as Simulate;
});
afterAll(() => {
  rmSync(dist, { recursive: true, force: true });
});

function draw(path: string, properties: object = {}): Drawn {
  // A module that ran before would not tell the simulator again what it defines.
  jest.resetModules();
  const drawn = simulate.render(simulate.load(join(dist, path), { rootPath: dist }), properties);
  const { document } = globalThis as unknown as { document: { createElement(name: string): unknown } };
  drawn.attach(document.createElement('div'));
  return drawn;
}

const row = {
  key: '1',
  id: 'row-1',
  side: 'other',
  first: true,
  last: true,
  day: '今天',
  sender: '陈老师',
  body: 'text',
  text: '愿意多说一点吗？',
  quote: '',
  attachment: '',
  local: '',
  name: '',
  about: '',
  width: 0,
  height: 0,
  meta: '12:00',
  read: false,
  error: '',
  clientMsgId: '',
  messageId: 'a',
  seq: 1,
};

describe('the top of every page', () => {
  test('help is one tap away, also before any log-in, and a line calls', async () => {
    const header = draw('components/header/header', { title: '心院热线' });
    expect(header.dom.textContent).toContain('紧急求助');
    expect(header.dom.textContent).not.toContain('12356');
    header.querySelector('#emergency')?.dispatchEvent('tap');
    await simulate.sleep(0);
    for (const phone of ['12356', '110', '120']) expect(header.dom.textContent).toContain(phone);
    const lines = draw('components/lines/lines', { lines: [{ name: '急救中心', phone: '120', note: '' }] });
    lines.querySelector('.line')?.dispatchEvent('tap');
    await simulate.sleep(0);
    expect(called).toContain('120');
  });

  test('the quick exit forgets and closes at once', async () => {
    draw('components/header/header').querySelector('#quick-exit')?.dispatchEvent('tap');
    await simulate.sleep(0);
    expect(called.slice(-2)).toEqual(['cleared', 'exit']);
  });
});

describe('a line', () => {
  test('shows who said what', () => {
    const text = draw('components/message/message', { row }).dom.textContent;
    for (const part of ['今天', '陈老师', '愿意多说一点吗？', '12:00']) expect(text).toContain(part);
  });

  test('that was refused says so and can be sent again or given up', async () => {
    const drawn = draw('components/message/message', {
      row: { ...row, side: 'own', error: '没有发出去', clientMsgId: 'c1', messageId: '' },
    });
    const told: unknown[] = [];
    for (const name of ['resend', 'discard', 'menu']) {
      drawn.addEventListener(name, ({ detail }) => told.push([name, detail]));
    }
    expect(drawn.dom.textContent).toContain('没有发出去');
    for (const link of drawn.querySelectorAll('.link')) link.dispatchEvent('tap');
    drawn.querySelector('.bubble')?.dispatchEvent('longpress');
    await simulate.sleep(0);
    expect(told).toEqual([
      ['resend', { clientMsgId: 'c1' }],
      ['discard', { clientMsgId: 'c1' }],
    ]);
  });
});

test('stars come first, the rest after the first star', async () => {
  const rating = draw('components/rating/rating', { conversation: 'x' });
  expect(rating.querySelector('.area')).toBeUndefined();
  rating.querySelectorAll('.star')[3]?.dispatchEvent('tap');
  await simulate.sleep(0);
  expect(rating.querySelectorAll('.star.on').length || rating.querySelectorAll('.on').length).toBe(4);
  expect(rating.dom.textContent).toContain('有帮助');
  expect(rating.querySelector('.area')).toBeDefined();
});

test('every page is drawn, with help and the way out on it', () => {
  const { pages } = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as { pages: string[] };
  const without = pages.filter((page) => {
    const html = draw(page).dom.innerHTML;
    return !(html.includes('id="emergency"') || html.includes('紧急求助')) || !html.includes('快速离开');
  });
  expect(pages.length).toBe(12);
  expect(without).toEqual(['pages/blank/blank']);
});

describe('the package', () => {
  const files = (extension: string) =>
    readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(extension));

  test('every page and component that is named is there, in all its parts', () => {
    const app = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as {
      pages: string[];
      subPackages: { root: string; pages: string[] }[];
    };
    const pages = [
      ...app.pages,
      ...app.subPackages.flatMap((each) => each.pages.map((p) => `${each.root}/${p}`)),
    ];
    const components = files('.json').flatMap((file) => {
      const { usingComponents = {} } = JSON.parse(readFileSync(join(dist, file), 'utf8')) as {
        usingComponents?: Record<string, string>;
      };
      return Object.values(usingComponents).map((path) => relative(dist, resolve(dist, dirname(file), path)));
    });
    const missing = [...pages, ...components]
      .flatMap((path) => ['js', 'json', 'wxml'].map((kind) => `${path}.${kind}`))
      .filter((path) => !existsSync(join(dist, path)));
    expect(missing).toEqual([]);
  });

  test('what WXML binds is there, and what it shows is known from the start', () => {
    const faults = files('.wxml').flatMap((file) => {
      const wxml = readFileSync(join(dist, file), 'utf8');
      const path = file.replace(/\.wxml$/, '');
      const { methods, data, properties } = definitionOf(path);
      const bound = [...wxml.matchAll(/(?:bind|catch)[a-z]+="(\w+)"/g)].map((match) => match[1] ?? '');
      const shown = [...wxml.matchAll(/\{\{(.+?)\}\}/g)].flatMap((match) =>
        [...(match[1] ?? '').replace(/'[^']*'/g, '').matchAll(/(?<![.\w])[a-z]\w*/gi)].map(([name]) => name),
      );
      const inLoops = [...wxml.matchAll(/wx:for-(?:item|index)="(\w+)"/g)].map((match) => match[1] ?? '');
      const known = new Set([...data, ...properties, ...inLoops, 'item', 'index', 'true', 'false']);
      return [
        ...bound.filter((name) => !methods.includes(name)).map((name) => `${file} binds ${name}`),
        ...shown.filter((name) => !known.has(name)).map((name) => `${file} shows ${name}`),
      ];
    });
    expect(faults).toEqual([]);
  });

  test('speaks to the server that the build was given, and keeps no other address', () => {
    const hosts = files('.js').flatMap((file) =>
      [...readFileSync(join(dist, file), 'utf8').matchAll(/\b(?:https?|wss?):\/\/[\w.:-]+/g)].map(
        ([found]) => found,
      ),
    );
    // The one is what the build was given, the other stands in an error text of the library.
    expect([...new Set(hosts)].sort()).toEqual(['http://127.0.0.1:3000', 'https://socket.io']);
  });
});

/** What a module hands to Component. */
function definitionOf(path: string): { methods: string[]; data: string[]; properties: string[] } {
  const world = globalThis as unknown as { Component: (given: Record<string, object>) => void };
  const before = world.Component;
  let found: Record<string, object> = {};
  world.Component = (given) => {
    found = given;
  };
  const file = join(dist, `${path}.js`);
  jest.resetModules();
  require(file);
  world.Component = before;
  const keys = (name: string) => Object.keys(found[name] ?? {});
  return { methods: keys('methods'), data: keys('data'), properties: keys('properties') };
}
