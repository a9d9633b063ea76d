/** What became of a callback that is genuinely Tencent's. */
export type Outcome =
  /** Done, or nothing was to be done. */
  | { kind: 'done' }
  /** It fits nowhere: answered OK and kept, never in a transcript. */
  | { kind: 'dead'; reason: string }
  /** Asked before a message is sent: it must not be. */
  | { kind: 'refused'; message: string };

export const DONE: Outcome = { kind: 'done' };
export const dead = (reason: string): Outcome => ({ kind: 'dead', reason });
