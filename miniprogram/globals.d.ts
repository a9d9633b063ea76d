/** What the build puts in place, and what shared modules of the web ask for by these names. */

/** Of the build: whose hotline this is. */
declare const __SETTINGS__: { server: string; appid: string };
/** A subpackage loaded when it is needed; the build makes it `require.async` with a path of its own. */
declare function __loadPackage__(path: string): Promise<unknown>;

/** Only the language; the build gives it WeChat's. */
declare const navigator: { language: string };

/** As much as web/shared/tim/map.ts asks; lib/url.ts. */
declare class URL {
  constructor(text: string);
  static canParse(text: string): boolean;
  readonly protocol: string;
  readonly hostname: string;
}

/** Not there in a mini-program; the reference client asks first (typeof). */
declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(event: 'abort', listener: () => void): void;
}
