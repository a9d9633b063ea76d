/**
 * The door to the Tencent channel, as web/shared/tim/start.ts is for pages: the same carrier and the same mapping, in
 * a subpackage of its own that is fetched only where the server says that this installation uses it.
 */
import type { HotlineClient } from '../../contract/client.js';
import { createStore } from '../../contract/client/store.js';
import type { PublicConfig } from '../../contract/config.js';
import type * as TimPackage from '../tim/index.js';

export interface TimNotice {
  phase: 'off' | 'connecting' | 'ready' | 'fallback';
  /** Delivered by Tencent and not yet in our own transcript. */
  early: readonly { id: string; conversationId: string | null; text: string }[];
}

export const timStore = createStore<TimNotice>({ phase: 'off', early: [] });

export function startTim(options: {
  im: PublicConfig['im'];
  userId: string;
  sign: () => Promise<string>;
  client: HotlineClient;
}): () => void {
  const { provider, sdkAppId } = options.im;
  if (provider !== 'tencent' || sdkAppId === null) {
    return () => undefined;
  }
  let stopped = false;
  let stop = () => {
    stopped = true;
  };
  (__loadPackage__('tim/index.js') as Promise<typeof TimPackage>)
    .then((loaded) => {
      if (stopped) {
        return;
      }
      const unsubscribe = loaded.timStore.subscribe(() => {
        timStore.set(loaded.timStore.getState());
      });
      const end = loaded.carry(options, sdkAppId);
      stop = () => {
        end();
        unsubscribe();
      };
    })
    // A package that can't be loaded leaves the built-in channel as it is.
    .catch(() => undefined);
  return () => {
    stop();
  };
}
