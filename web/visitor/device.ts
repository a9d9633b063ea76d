/**
 * What stays on the device. localStorage holds one random value and nothing else: it is what makes the same phone
 * the same visitor. Drafts and unsent messages live in this tab only and are gone when it closes.
 */
import type { PendingMessage, PendingStore } from '../../contract/client.js';

const DEVICE = 'hl.device';
const PENDING = 'hl.pending';
const CONSENT = 'hl.consent';
const DRAFT = 'hl.draft';
const LEFT = 'hl.left';

/** Storage may be switched off (private mode, WebView); then everything lasts as long as the page. */
const memory = new Map<string, string>();
const read = (storage: () => Storage, key: string): string | null => {
  try {
    return storage().getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
};
const write = (storage: () => Storage, key: string, value: string | null) => {
  try {
    if (value === null) {
      storage().removeItem(key);
    } else {
      storage().setItem(key, value);
    }
  } catch {
    memory.set(key, value ?? '');
  }
};
const lasting = () => localStorage;
const tab = () => sessionStorage;

/** crypto.randomUUID is missing on plain http, getRandomValues is not. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

let madeHere = false;
/** True for a phone that this page has just given its name to. */
export const isNewDevice = () => madeHere;

export function deviceId(): string {
  const known = read(lasting, DEVICE);
  if (known !== null && /^[A-Za-z0-9_-]{16,64}$/.test(known)) {
    return known;
  }
  const made = newId();
  madeHere = true;
  write(lasting, DEVICE, made);
  return made;
}

/** From now on this device is somebody else's visitor: whoever a return code belongs to. */
export const becomeDevice = (device: string) => {
  write(lasting, DEVICE, device);
};

export const pendingStore: PendingStore = {
  load() {
    try {
      return JSON.parse(read(tab, PENDING) ?? '[]') as PendingMessage[];
    } catch {
      return [];
    }
  },
  save(pending) {
    write(tab, PENDING, pending.length === 0 ? null : JSON.stringify(pending));
  },
};

/** The consent version agreed to in this tab. */
export const consentGiven = () => read(tab, CONSENT);
export const rememberConsent = (version: string) => {
  write(tab, CONSENT, version);
};

export const draft = () => read(tab, DRAFT) ?? '';
export const rememberDraft = (text: string) => {
  write(tab, DRAFT, text === '' ? null : text);
};

/** Forgets this visitor on this device. */
export function forgetEverything() {
  for (const key of [PENDING, CONSENT, DRAFT]) {
    write(tab, key, null);
  }
  write(lasting, DEVICE, null);
  write(tab, LEFT, '1');
}

/** True when somebody left in a hurry and the browser's Back now brings the page up again. */
export function cameBackAfterLeaving(): boolean {
  if (read(tab, LEFT) !== '1') {
    return false;
  }
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (entry?.type === 'back_forward') {
    return true;
  }
  write(tab, LEFT, null);
  return false;
}
