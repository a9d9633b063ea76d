/** Erlang C: how many places are needed so that most who come wait no longer than wished. Pure. */

/**
 * The share of those who come that must wait, with `seats` places and `load` of them busy on average (erlangs).
 * By the recurrence of Erlang B, which neither overflows nor loses digits with large numbers. 1 when load ≥ seats.
 */
export function mustWait(load: number, seats: number): number {
  if (load <= 0) return 0;
  if (seats <= load) return 1;
  let blocked = 1;
  for (let n = 1; n <= seats; n += 1) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / seats) * (1 - blocked));
}

/**
 * The share that waits at most `targetSeconds`.
 * @param handleSeconds how long a place is taken by one session, on average
 */
export function servedWithin(
  load: number,
  seats: number,
  handleSeconds: number,
  targetSeconds: number,
): number {
  if (load <= 0) return 1;
  if (seats <= load) return 0;
  return 1 - mustWait(load, seats) * Math.exp((-(seats - load) * targetSeconds) / handleSeconds);
}

/** The least number of places for which `share` of those who come wait at most `targetSeconds`. */
export function seatsNeeded(
  arrivalsPerHour: number,
  handleSeconds: number,
  targetSeconds: number,
  share: number,
): number {
  if (arrivalsPerHour <= 0 || handleSeconds <= 0) return 0;
  const load = (arrivalsPerHour * handleSeconds) / 3_600;
  let seats = Math.floor(load) + 1;
  while (servedWithin(load, seats, handleSeconds, targetSeconds) < share) seats += 1;
  return seats;
}
