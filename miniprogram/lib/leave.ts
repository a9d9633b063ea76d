/** The quick exit: nothing here may wait, and nothing stays. */
import { forgetEverything } from './device.js';
import { client, endInPassing, files } from './hotline.js';

export function leaveAtOnce() {
  try {
    endInPassing();
    client.clear();
    files.forget();
    forgetEverything();
  } finally {
    wx.exitMiniProgram({
      // Older WeChat: an empty page at least, and nothing behind it.
      fail: () => void wx.reLaunch({ url: '/pages/blank/blank' }),
    });
  }
}
