/**
 * A phone with WeChat on it, as far as the built mini-program can tell: its modules run in a context of their own that
 * knows what a mini-program knows (no window, no fetch, no URL, no process) and a `wx` that really speaks to a server.
 * In the background it does what WeChat does: everything stands still, and the socket is gone without a word.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createContext, runInContext, type Context } from 'node:vm';
import { createWx, type WxWorld } from './wx.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds with the real command. */
export async function buildMiniprogram(out: string, server: string): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [join(root, 'miniprogram/build.mjs'), '--out', out, '--without-tim'],
    {
      cwd: root,
      env: { ...process.env, HOTLINE_URL: server, NODE_ENV: 'production', WECHAT_APPID: 'wxdemo0000000000' },
    },
  );
}

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever a page shows

interface Definition {
  data?: Data;
  methods?: Record<string, (...args: unknown[]) => unknown>;
  lifetimes?: { attached?: (this: unknown) => void };
}

export interface Screen {
  /** `pages/home/home`. */
  path: string;
  data: Data;
  /** Calls what WXML binds: a tap, an input. */
  do(method: string, event?: { detail?: unknown; dataset?: Record<string, unknown> }): unknown;
}

export interface Phone {
  /** The page in front. */
  screen(): Screen;
  /** A component of its own, `components/header/header`, with what a page would give it. */
  part(path: string, properties?: Data): Screen;
  /** How many pages are on the stack. */
  depth(): number;
  wx: WxWorld;
  /** Puts it away; the socket dies without a word a moment later. */
  hide(): void;
  /** Takes it out again after so long, by its own clock. */
  show(afterMs: number): void;
  /** WeChat is closed. */
  off(): void;
}

/** @param person what WeChat's log-in tells: the same word is the same person */
export function startPhone(dist: string, person: string): Phone {
  const timers = createTimers();
  const wx = createWx(person, timers);
  const pages: { path: string; self: Data & { data: Data }; definition: Definition }[] = [];
  let hooks: { onLaunch?: () => void; onShow?: () => void; onHide?: () => void } = {};
  /** By module, as `pages/home/home`. */
  const definitions = new Map<string, Definition>();
  const running: string[] = [];

  const context: Context = createContext({
    console,
    wx: wx.api,
    setTimeout: timers.setTimeout,
    clearTimeout: timers.clear,
    setInterval: timers.setInterval,
    clearInterval: timers.clear,
    App: (given: typeof hooks) => {
      hooks = given;
    },
    Component: (given: Definition) => {
      definitions.set(relative(dist, running.at(-1) ?? '').replace(/\.js$/, ''), given);
    },
    getCurrentPages: () => pages.map(({ self }) => self),
    __now: () => timers.now(),
  });
  runInContext('Date.now = __now;', context);

  const modules = new Map<string, { exports: unknown }>();
  function load(file: string): unknown {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const code = `(function (require, module, exports) {${readFileSync(file, 'utf8')}\n})`;
    const run = runInContext(code, context, { filename: file }) as (...args: unknown[]) => void;
    running.push(file);
    run((name: string) => load(resolve(dirname(file), name)), module, module.exports);
    running.pop();
    return module.exports;
  }

  const call = (at: (typeof pages)[number] | undefined, name: string, ...args: unknown[]) =>
    at?.definition.methods?.[name]?.call(at.self, ...args);

  /** A page's or component's module runs once; what it handed to Component is kept. */
  function make(path: string) {
    load(join(dist, `${path}.js`));
    const definition = definitions.get(path);
    if (!definition) throw new Error(`${path} defines nothing`);
    const data = JSON.parse(JSON.stringify(definition.data ?? {})) as Data;
    const self: Data & { data: Data } = { data, ...definition.methods };
    self['setData'] = (part: Data) => {
      // Only JSON crosses the bridge.
      const crossed = JSON.parse(JSON.stringify(part)) as Data;
      for (const [name, value] of Object.entries(crossed)) put(self.data, name, value);
    };
    return { self, definition };
  }

  function open(url: string) {
    const [path = '', query = ''] = url.replace(/^\//, '').split('?');
    const { self, definition } = make(path);
    const page = { path, self, definition };
    pages.push(page);
    call(page, 'onLoad', Object.fromEntries(new URLSearchParams(query)));
    call(page, 'onShow');
  }

  wx.navigate = {
    to(url) {
      call(pages.at(-1), 'onHide');
      open(url);
    },
    back() {
      call(pages.pop(), 'onUnload');
      call(pages.at(-1), 'onShow');
    },
    relaunch(url) {
      for (const page of pages.splice(0)) call(page, 'onUnload');
      open(url);
    },
  };

  load(join(dist, 'app.js'));
  hooks.onLaunch?.();
  hooks.onShow?.();
  open('/pages/home/home');

  const screenOf = (page: (typeof pages)[number]): Screen => ({
    path: page.path,
    data: page.self.data,
    do: (method, { detail = {}, dataset = {} } = {}) => {
      if (!page.definition.methods?.[method]) throw new Error(`${page.path} has no ${method}`);
      return call(page, method, { detail, currentTarget: { dataset } });
    },
  });

  return {
    screen() {
      const page = pages.at(-1);
      if (!page) throw new Error('no page');
      return screenOf(page);
    },
    part(path, properties = {}) {
      const made = { path, ...make(path) };
      Object.assign(made.self.data, properties);
      made.definition.lifetimes?.attached?.call(made.self);
      return screenOf(made);
    },
    depth: () => pages.length,
    wx,
    hide() {
      call(pages.at(-1), 'onHide');
      hooks.onHide?.();
      timers.freeze();
      wx.killSockets();
    },
    show(afterMs) {
      timers.thaw(afterMs);
      hooks.onShow?.();
      call(pages.at(-1), 'onShow');
    },
    off() {
      timers.freeze();
      wx.killSockets();
    },
  };
}

/** `a.b[2].c` as setData takes it. */
function put(target: Data, path: string, value: unknown) {
  const steps = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  let at = target;
  for (const step of steps.slice(0, -1)) at = at[step] as Data;
  at[steps.at(-1) ?? ''] = value;
}

export type Timers = ReturnType<typeof createTimers>;

/** Timers and a clock that stand still while the phone is in the background. */
function createTimers() {
  let offset = 0;
  let frozen = false;
  let frozenAt = 0;
  const late: (() => void)[] = [];
  /** Whatever the world says to a mini-program that stands still is heard when it goes on. */
  const soon = (run: () => void) => {
    if (frozen) late.push(run);
    else run();
  };
  return {
    soon,
    now: () => Math.floor(frozen ? frozenAt : performance.timeOrigin + performance.now() + offset),
    setTimeout: (run: () => void, ms?: number) =>
      setTimeout(() => {
        soon(run);
      }, ms),
    setInterval: (run: () => void, ms?: number) =>
      setInterval(() => {
        // Ticks that were missed are not made up for.
        if (!frozen) run();
      }, ms),
    clear(handle: ReturnType<typeof setTimeout> | undefined) {
      clearTimeout(handle);
    },
    freeze() {
      frozenAt = performance.timeOrigin + performance.now() + offset;
      frozen = true;
    },
    thaw(ms: number) {
      const slept = performance.timeOrigin + performance.now() + offset - frozenAt;
      offset += Math.max(0, ms - slept);
      frozen = false;
      for (const run of late.splice(0)) run();
    },
  };
}
