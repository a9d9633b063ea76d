/** Who is on duty today, and when visitors are received; asked again when a page comes to the front and once a minute while it is there. */
import type { DutyRow } from '../../contract/arrange.js';
import type { ServiceHours } from '../../contract/matchmaking.js';
import { createStore } from '../../contract/client/store.js';
import { api, session } from './hotline.js';
import { isFree } from './people.js';

const AGAIN_MS = 60_000;

/** null = not asked yet. */
export const duty = createStore<DutyRow[] | null>(null);
export const hours = createStore<ServiceHours | null>(null);
let timer: ReturnType<typeof setInterval> | undefined;

async function load() {
  const { phase, config } = session.getState();
  if (phase !== 'ready') {
    return;
  }
  const code = encodeURIComponent(config?.institution.code ?? '');
  try {
    const [rows, times] = await Promise.all([
      api.get<DutyRow[]>(`/arrange/theday?timestamp=${String(Date.now())}&type=COUNSELOR`),
      api.get<ServiceHours>(`/api/v1/hours?institution=${code}`),
    ]);
    hours.set(times);
    duty.set([...rows].sort((a, b) => Number(isFree(b)) - Number(isFree(a))));
  } catch {
    // What is shown stays as it was; the next round asks again.
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
