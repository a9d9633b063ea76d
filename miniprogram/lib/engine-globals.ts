/**
 * In place of engine.io-client's own globals.js, which looks for `self`, `window` or `Function` at load and finds none
 * of them in a mini-program (build.mjs puts this one there).
 */
export const nextTick = (run: () => void) => Promise.resolve().then(run);
export const globalThisShim = {
  setTimeout: (run: () => void, ms?: number) => setTimeout(run, ms),
  clearTimeout: (handle: number) => {
    clearTimeout(handle);
  },
};
export const defaultBinaryType = 'arraybuffer';
export const createCookieJar = () => undefined;
