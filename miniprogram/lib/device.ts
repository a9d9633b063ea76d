/**
 * What stays on the device: which consent text was agreed to, and nothing else. Whoever it is, WeChat tells at each
 * log-in; what was written and not sent yet lives in memory, as long as the mini-program does.
 */
const CONSENT = 'hl.consent';

export function consentGiven(): string {
  try {
    return String(wx.getStorageSync(CONSENT));
  } catch {
    return '';
  }
}

export function rememberConsent(version: string) {
  try {
    wx.setStorageSync(CONSENT, version);
  } catch {
    // Full or forbidden: it is asked again next time.
  }
}

export function forgetEverything() {
  try {
    wx.clearStorageSync();
  } catch {
    // Nothing personal is in it.
  }
}

let count = 0;
/** Unique, not secret: a mini-program has no `crypto`. */
export const newId = (): string => {
  count += 1;
  const random = () => Math.random().toString(36).slice(2, 10);
  return `${Date.now().toString(36)}-${count.toString(36)}-${random()}${random()}`;
};
