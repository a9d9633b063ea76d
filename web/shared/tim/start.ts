/**
 * The door to the Tencent channel. The server's configuration says whether this installation uses it; where it does
 * not, nothing of it is loaded and nobody outside is asked.
 */
import type { HotlineClient } from '../../../contract/client.js';
import type { PublicConfig } from '../../../contract/config.js';

export interface TimOptions {
  im: PublicConfig['im'];
  userId: string;
  /** A fresh UserSig of the caller's own account (POST /im/sign). */
  sign: () => Promise<string>;
  client: HotlineClient;
}

/** @returns stops it; safe to call at any time */
export function startTim(options: TimOptions): () => void {
  const { provider, sdkAppId } = options.im;
  if (provider !== 'tencent' || sdkAppId === null) return () => undefined;
  let stopped = false;
  let stop = () => {
    stopped = true;
  };
  import('./carrier.js')
    .then(({ carry }) => {
      if (!stopped) stop = carry(options, sdkAppId);
    })
    // A chunk that can't be loaded leaves the built-in channel as it is.
    .catch(() => undefined);
  return () => {
    stop();
  };
}
