import type { Deadline } from '../../models/conversation.js';
import type { Policy } from '../policy/rules.js';

/**
 * What stands before a session that begins or goes on now: its limit with the cues before it, its silence and the
 * first question whether the visitor is still there.
 * @param limitMs how much time it has left
 */
export function sessionDeadlines(policy: Policy, now: number, limitMs: number): Deadline[] {
  const limit = now + limitMs;
  const [checkIn] = policy.checkInMs;
  return [
    { kind: 'limit' as const, at: limit },
    ...policy.cueMinutes.map((minutes) => ({ kind: 'cue' as const, at: limit - minutes * 60_000 })),
    { kind: 'silence' as const, at: now + policy.silenceCloseMs },
    ...(checkIn === undefined ? [] : [{ kind: 'check-in' as const, at: now + checkIn }]),
  ]
    .filter(({ at }) => at > now)
    .map(({ kind, at }) => ({ kind, at: new Date(at) }));
}
