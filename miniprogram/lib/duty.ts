/** Who is on duty today; asked again when a page comes to the front and once a minute while it is there. */
import type { DutyRow } from '../../contract/arrange.js';
import { createStore } from '../../contract/client/store.js';
import { api, session } from './hotline.js';
import { isFree } from './people.js';

const AGAIN_MS = 60_000;

/** null = not asked yet. */
export const duty = createStore<DutyRow[] | null>(null);
let timer: ReturnType<typeof setInterval> | undefined;

async function load() {
  if (session.getState().phase !== 'ready') {
    return;
  }
  try {
    const rows = await api.get<DutyRow[]>(`/arrange/theday?timestamp=${String(Date.now())}&type=COUNSELOR`);
    duty.set([...rows].sort((a, b) => Number(isFree(b)) - Number(isFree(a))));
  } catch {
    // The list stays as it was; the next round asks again.
  }
}

/** The log-in of a cold start may be later than the first page. */
let wasReady = false;
session.subscribe(() => {
  const ready = session.getState().phase === 'ready';
  if (ready && !wasReady && timer !== undefined) {
    void load();
  }
  wasReady = ready;
});

export function followDuty() {
  void load();
  leaveDuty();
  timer = setInterval(() => void load(), AGAIN_MS);
}

export function leaveDuty() {
  if (timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}
