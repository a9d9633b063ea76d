/**
 * To the background and back. Five seconds after it was hidden a mini-program stands still; its socket is cut soon
 * after, and often nobody tells. So after any longer absence the line is replaced at once instead of being trusted:
 * the reference client then asks for everything that was missed and sends again what was not acknowledged.
 */
import { replaceSocket } from './connect.js';
import { client, hurry } from './hotline.js';

const SUSPENDED_MS = 5000;
let hiddenAt: number | null = null;

export function onHide() {
  hiddenAt = Date.now();
}

export function onShow() {
  const away = hiddenAt === null ? 0 : Date.now() - hiddenAt;
  hiddenAt = null;
  if (away >= SUSPENDED_MS) {
    replaceSocket();
  }
  client.wake();
  hurry();
}

export function followNetwork() {
  wx.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected) {
      client.wake();
      hurry();
    }
  });
}
