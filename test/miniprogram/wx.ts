/** The `wx` of a phone on this desk: the network is real, the rest is remembered for the test to look at. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Timers } from './phone.js';

interface Wire {
  on(event: string, listener: (...args: never[]) => void): void;
  send(data: string): void;
  close(code?: number): void;
  terminate(): void;
  readyState: number;
}
const WebSocket = createRequire(import.meta.url)('ws') as new (url: string) => Wire;

interface Request {
  url: string;
  method?: string;
  data?: string;
  header?: Record<string, string>;
  success?: (answer: unknown) => void;
  fail?: (error: { errMsg: string }) => void;
}

export interface WxWorld {
  api: Record<string, unknown>;
  /** How this phone answers the phone button, the subscribe question, the action sheet. */
  says: { subscribe: 'accept' | 'reject'; choose: string };
  /** What happened, in order: `call 120`, `exit`, `open https://…`. */
  seen: string[];
  storage: Map<string, unknown>;
  /** Files on the phone, by path. */
  files: Map<string, string>;
  navigate: { to(url: string): void; back(): void; relaunch(url: string): void };
  /** No network: requests fail, sockets die and new ones are refused. */
  offline: boolean;
  /** Every socket is gone, and nobody tells. */
  killSockets(): void;
  /** Sockets opened so far. */
  sockets: number;
}

export function createWx(person: string, timers: Timers): WxWorld {
  const open = new Set<Wire>();
  const world: WxWorld = {
    api: {},
    says: { subscribe: 'accept', choose: '' },
    seen: [],
    storage: new Map(),
    files: new Map(),
    navigate: { to: () => undefined, back: () => undefined, relaunch: () => undefined },
    offline: false,
    sockets: 0,
    killSockets() {
      for (const wire of open) wire.terminate();
      open.clear();
    },
  };
  const { seen, storage } = world;

  async function ask(
    url: string,
    init: RequestInit,
  ): Promise<{ status: number; text: string; header: object }> {
    if (world.offline) throw new Error('request:fail');
    const answer = await fetch(url, { ...init, redirect: 'manual' });
    return { status: answer.status, text: await answer.text(), header: Object.fromEntries(answer.headers) };
  }
  const failed = (fail?: (error: { errMsg: string }) => void) => () =>
    timers.soon(() => fail?.({ errMsg: 'request:fail' }));

  world.api = {
    getAppBaseInfo: () => ({ language: 'zh_CN' }),
    getWindowInfo: () => ({ statusBarHeight: 47, windowWidth: 390, windowHeight: 844 }),
    pageScrollTo: ({ scrollTop }: { scrollTop: number }) => seen.push(`scroll ${String(scrollTop)}`),
    getMenuButtonBoundingClientRect: () => ({ left: 296 }),
    login: ({ success }: { success: (answer: { code: string }) => void }) => {
      seen.push('login');
      queueMicrotask(() => {
        success({ code: `demo:${person}` });
      });
    },
    request({ url, method = 'GET', data, header, success, fail }: Request) {
      const stop = new AbortController();
      ask(url, {
        method,
        signal: stop.signal,
        ...(header ? { headers: header } : {}),
        ...(data === undefined || method === 'GET' ? {} : { body: data }),
      }).then(({ status, text, header: given }) => {
        timers.soon(() => success?.({ statusCode: status, data: text, header: given }));
      }, failed(fail));
      return {
        abort: () => {
          stop.abort();
        },
      };
    },
    uploadFile(given: Request & { filePath: string; name: string; formData: Record<string, string> }) {
      const form = new FormData();
      for (const [key, value] of Object.entries(given.formData)) form.set(key, value);
      const path = given.filePath.split('/').at(-1) ?? '';
      form.set(given.name, new Blob([readFileSync(given.filePath)]), path);
      ask(given.url, { method: 'POST', headers: given.header ?? {}, body: form }).then(({ status, text }) => {
        timers.soon(() => given.success?.({ statusCode: status, data: text }));
      }, failed(given.fail));
      return { onProgressUpdate: () => undefined, abort: () => undefined };
    },
    downloadFile({ url, header, success, fail }: Request) {
      seen.push(`download ${new URL(url).pathname}`);
      ask(url, { headers: header ?? {} }).then(({ status }) => {
        timers.soon(() =>
          success?.({ statusCode: status, tempFilePath: `wxfile://${new URL(url).pathname}` }),
        );
      }, failed(fail));
    },
    connectSocket({ url }: { url: string }) {
      world.sockets += 1;
      const wire = new WebSocket(world.offline ? 'ws://127.0.0.1:1/' : url);
      open.add(wire);
      const heard: Partial<Record<'open' | 'message' | 'close' | 'error', (event: unknown) => void>> = {};
      const tell = (event: keyof typeof heard, detail: unknown) => {
        // Of a socket that was killed in the background nobody ever hears again.
        if (open.has(wire)) timers.soon(() => heard[event]?.(detail));
      };
      wire.on('open', () => {
        tell('open', {});
      });
      wire.on('message', (data: Buffer) => {
        tell('message', { data: data.toString() });
      });
      wire.on('error', () => {
        tell('error', { errMsg: 'connectSocket:fail' });
      });
      wire.on('close', (code: number) => {
        tell('close', { code, reason: '' });
        open.delete(wire);
      });
      return {
        onOpen: (listener: (event: unknown) => void) => (heard.open = listener),
        onMessage: (listener: (event: unknown) => void) => (heard.message = listener),
        onError: (listener: (event: unknown) => void) => (heard.error = listener),
        onClose: (listener: (event: unknown) => void) => (heard.close = listener),
        send({ data, fail }: { data: string; fail?: (error: { errMsg: string }) => void }) {
          // A dead socket takes everything and says nothing.
          if (wire.readyState === 1) wire.send(data);
          else if (open.has(wire)) fail?.({ errMsg: 'sendSocketMessage:fail' });
        },
        close: () => {
          wire.close(1000);
        },
      };
    },
    onNetworkStatusChange: () => undefined,
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    clearStorageSync: () => {
      storage.clear();
    },
    getFileSystemManager: () => ({ unlink: () => undefined }),
    getRecorderManager: () => ({}),
    navigateTo: ({ url }: { url: string }) => {
      world.navigate.to(url);
    },
    navigateBack: () => {
      world.navigate.back();
    },
    reLaunch: ({ url }: { url: string }) => {
      world.navigate.relaunch(url);
    },
    makePhoneCall: ({ phoneNumber }: { phoneNumber: string }) => seen.push(`call ${phoneNumber}`),
    exitMiniProgram: () => seen.push('exit'),
    showToast: ({ title }: { title: string }) => seen.push(`toast ${title}`),
    setClipboardData: ({ data }: { data: string }) => seen.push(`copy ${data}`),
    showActionSheet({
      itemList,
      success,
    }: {
      itemList: string[];
      success: (answer: { tapIndex: number }) => void;
    }) {
      const tapIndex = itemList.indexOf(world.says.choose);
      seen.push(`sheet ${itemList.join('|')}`);
      if (tapIndex >= 0) success({ tapIndex });
    },
    requestSubscribeMessage({ tmplIds, success }: { tmplIds: string[]; success: (answer: object) => void }) {
      seen.push(`subscribe ${tmplIds.join(',')}`);
      success(Object.fromEntries(tmplIds.map((id) => [id, world.says.subscribe])));
    },
    chooseMedia({ success }: { success: (answer: unknown) => void }) {
      success({
        tempFiles: [...world.files].map(([path]) => ({
          tempFilePath: path,
          size: readFileSync(path).length,
        })),
      });
    },
    previewImage: ({ urls }: { urls: string[] }) => seen.push(`preview ${urls.join(',')}`),
  };
  return world;
}
