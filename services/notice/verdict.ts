import type { OutboxRow } from '../../models/outbox.js';

/** What a sender made of a row; without a state it is tried again at `dueAt`. */
export type Verdict = Partial<Pick<OutboxRow, 'state' | 'dueAt' | 'error'>>;

export const done = (error: string | null = null): Verdict => ({ state: 'DONE', error });
export const deadWith = (error: string): Verdict => ({ state: 'DEAD', error });
