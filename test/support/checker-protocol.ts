/**
 * The assignment protocol as a small machine (services/matchmaking/{assign,settle,seat}.ts, services/conversation/
 * {end,hand-over}.ts): every operation is a row of steps, each step one atomic write or read of one document, and
 * between any two steps another operation may step in or the process may die. `explore` walks through every
 * interleaving; `wander` through one of chance. Pure.
 */

export interface Seat {
  conversation: number;
  attempt: number;
}
export interface World {
  counselors: { cap: number; seats: Seat[] }[];
  conversations: { status: 'WAITING' | 'IN_PROGRESS' | 'ENDED'; owner: number | null; attempt: number }[];
}

export type Operation =
  | { act: 'assign'; conversation: number; counselor: number }
  | { act: 'requeue'; conversation: number; owner: number }
  | { act: 'hand-over'; conversation: number; to: number }
  | { act: 'end'; conversation: number }
  | { act: 'set-cap'; counselor: number; cap: number };

/** An operation under way: which step comes next, and what it has read. */
interface Process {
  operation: Operation;
  step: number;
  memory: { attempt?: number; owner?: number | null };
}

/** What may be planted, to see the exploration find it. */
export type Planted =
  | 'none'
  | 'cap-read-apart'
  | 'claim-without-attempt'
  | 'settle-without-raising'
  | 'loser-keeps-seat'
  | 'requeue-keeps-seat';

const copy = (world: World): World => ({
  counselors: world.counselors.map(({ cap, seats }) => ({ cap, seats: seats.map((seat) => ({ ...seat })) })),
  conversations: world.conversations.map((row) => ({ ...row })),
});

const DONE = -1;

/** Conditional, as one update: free, and not held already. */
function takeSeat(world: World, counselor: number, seat: Seat, blind: boolean): boolean {
  const duty = world.counselors[counselor];
  if (!duty || duty.seats.some((held) => held.conversation === seat.conversation)) return false;
  if (!blind && duty.seats.length >= duty.cap) return false;
  duty.seats.push(seat);
  return true;
}
function pullAttempt(world: World, counselor: number, seat: Seat): void {
  const duty = world.counselors[counselor];
  if (!duty) return;
  duty.seats = duty.seats.filter(
    (held) => held.conversation !== seat.conversation || held.attempt !== seat.attempt,
  );
}
function pullSeat(world: World, counselor: number, conversation: number): void {
  const duty = world.counselors[counselor];
  if (duty) duty.seats = duty.seats.filter((held) => held.conversation !== conversation);
}

/** Takes one step; changes the world and answers the process after it, or a fault. */
function stepOf(world: World, process: Process, planted: Planted): { process: Process; fault?: string } {
  const { operation, step, memory } = process;
  const to = (next: number, more: Process['memory'] = {}): { process: Process } => ({
    process: { operation, step: next, memory: { ...memory, ...more } },
  });
  if (operation.act === 'set-cap') {
    const duty = world.counselors[operation.counselor];
    if (duty) duty.cap = operation.cap;
    return to(DONE);
  }
  const row = world.conversations[operation.conversation];
  if (!row) return to(DONE);
  switch (operation.act) {
    case 'assign': {
      const { conversation, counselor } = operation;
      const duty = world.counselors[counselor];
      if (!duty) return to(DONE);
      const attempt = memory.attempt ?? 0;
      switch (step) {
        case 0:
          return row.status === 'WAITING' ? to(1, { attempt: row.attempt }) : to(DONE);
        case 1:
          if (planted === 'cap-read-apart') return duty.seats.length < duty.cap ? to(10) : to(DONE);
          return takeSeat(world, counselor, { conversation, attempt }, false) ? to(2) : to(DONE);
        case 10:
          if (!takeSeat(world, counselor, { conversation, attempt }, true)) return to(DONE);
          return {
            ...to(2),
            ...(duty.seats.length > duty.cap ? { fault: 'I5: a seat above the cap' } : {}),
          };
        case 2: {
          const fits = planted === 'claim-without-attempt' || row.attempt === attempt;
          if (row.status !== 'WAITING' || !fits) return to(planted === 'loser-keeps-seat' ? DONE : 3);
          row.status = 'IN_PROGRESS';
          row.owner = counselor;
          return to(DONE);
        }
        default:
          pullAttempt(world, counselor, { conversation, attempt });
          return to(DONE);
      }
    }
    case 'requeue':
      if (step === 0) {
        if (row.status !== 'IN_PROGRESS' || row.owner !== operation.owner) return to(DONE);
        Object.assign(row, { status: 'WAITING', owner: null, attempt: row.attempt + 1 });
        return to(planted === 'requeue-keeps-seat' ? DONE : 1);
      }
      pullSeat(world, operation.owner, operation.conversation);
      return to(DONE);
    case 'hand-over': {
      const { conversation } = operation;
      const attempt = (memory.attempt ?? 0) + 1;
      switch (step) {
        case 0:
          if (row.status !== 'IN_PROGRESS' || row.owner === operation.to) return to(DONE);
          return to(1, { attempt: row.attempt, owner: row.owner });
        case 1:
          return takeSeat(world, operation.to, { conversation, attempt }, false) ? to(2) : to(DONE);
        case 2:
          if (row.status !== 'IN_PROGRESS' || row.owner !== memory.owner || row.attempt !== memory.attempt)
            return to(4);
          row.owner = operation.to;
          row.attempt += 1;
          return to(3);
        case 3:
          pullSeat(world, memory.owner ?? -1, conversation);
          return to(DONE);
        default:
          pullAttempt(world, operation.to, { conversation, attempt });
          return to(DONE);
      }
    }
    case 'end':
      if (step === 0) {
        if (row.status === 'ENDED') return to(DONE);
        row.status = 'ENDED';
        row.attempt += 1;
        return to(1, { owner: row.owner });
      }
      pullSeat(world, memory.owner ?? -1, operation.conversation);
      return to(DONE);
  }
}

/**
 * What the sweeper makes of a seat whose conversation did not follow, step by step, since it too runs beside
 * everything else: looks, raises the attempt, looks again, pulls.
 */
interface Sweep {
  counselor: number;
  seat: Seat;
  step: number;
}

function sweepStep(world: World, sweep: Sweep, planted: Planted): Sweep | null {
  const { counselor, seat } = sweep;
  const row = world.conversations[seat.conversation];
  const owned = row?.status === 'IN_PROGRESS' && row.owner === counselor;
  switch (sweep.step) {
    case 0:
      return owned ? null : { ...sweep, step: 1 };
    case 1:
      if (row && planted !== 'settle-without-raising') {
        const waits = row.status === 'WAITING' && row.attempt === seat.attempt;
        const runs = row.status === 'IN_PROGRESS' && row.attempt === seat.attempt - 1;
        if (waits || runs) row.attempt += 1;
      }
      return { ...sweep, step: 2 };
    case 2:
      return owned ? null : { ...sweep, step: row?.status === 'ENDED' ? 4 : 3 };
    case 3:
      pullAttempt(world, counselor, seat);
      return null;
    default:
      pullSeat(world, counselor, seat.conversation);
      return null;
  }
}

/** I5, I6, I8: holds at rest, after the sweeps. */
export function faultsAtRest(world: World): string[] {
  const faults: string[] = [];
  world.counselors.forEach((duty, counselor) => {
    for (const seat of duty.seats) {
      const row = world.conversations[seat.conversation];
      if (row?.status !== 'IN_PROGRESS' || row.owner !== counselor)
        faults.push(`I8: counselor ${String(counselor)} holds a seat for ${String(seat.conversation)}`);
    }
    const held = duty.seats.map((seat) => seat.conversation);
    if (new Set(held).size !== held.length) faults.push('I8: a seat twice');
  });
  world.conversations.forEach((row, conversation) => {
    if (row.status !== 'IN_PROGRESS') return;
    const held = world.counselors[row.owner ?? -1]?.seats.some((seat) => seat.conversation === conversation);
    if (!held) faults.push(`I8: conversation ${String(conversation)} runs without a seat`);
  });
  return faults;
}

/** Sweeps until nothing changes, alone: what stands then must be right. */
function settle(world: World, planted: Planted): World {
  const settled = copy(world);
  for (let round = 0; round < 3; round += 1)
    settled.counselors.forEach((duty, counselor) => {
      for (const seat of [...duty.seats]) {
        let sweep: Sweep | null = { counselor, seat, step: 0 };
        while (sweep) sweep = sweepStep(settled, sweep, planted);
      }
    });
  return settled;
}

interface State {
  world: World;
  processes: Process[];
  sweeps: Sweep[];
  crashes: number;
  swept: number;
}

/** Every state that may follow, with the fault seen on the way. */
function successors(state: State, planted: Planted): { state: State; fault?: string }[] {
  const next: { state: State; fault?: string }[] = [];
  state.processes.forEach((process, index) => {
    if (process.step === DONE) return;
    const world = copy(state.world);
    const { process: after, fault } = stepOf(world, process, planted);
    const processes = state.processes.with(index, after);
    next.push({ state: { ...state, world, processes }, ...(fault === undefined ? {} : { fault }) });
    // It dies here; what it wrote stays.
    if (state.crashes > 0 && process.step > 0)
      next.push({
        state: {
          ...state,
          processes: state.processes.with(index, { ...process, step: DONE }),
          crashes: state.crashes - 1,
        },
      });
  });
  state.sweeps.forEach((sweep, index) => {
    const world = copy(state.world);
    const after = sweepStep(world, sweep, planted);
    const sweeps = after ? state.sweeps.with(index, after) : state.sweeps.toSpliced(index, 1);
    next.push({ state: { ...state, world, sweeps } });
  });
  // A sweep beside everything, of any seat there is: as if its time of grace were over always.
  if (state.swept > 0)
    state.world.counselors.forEach((duty, counselor) => {
      for (const seat of duty.seats)
        next.push({
          state: {
            ...state,
            sweeps: [...state.sweeps, { counselor, seat: { ...seat }, step: 0 }],
            swept: state.swept - 1,
          },
        });
    });
  return next;
}

const isAtRest = (state: State) =>
  state.sweeps.length === 0 && state.processes.every(({ step }) => step === DONE);

export interface Exploration {
  states: number;
  faults: string[];
}

export interface Budget {
  /** How many processes may die. */
  crashes: number;
  /** How many sweeps may run beside the operations. */
  sweeps: number;
}

const begin = (world: World, operations: readonly Operation[], budget: Budget): State => ({
  world: copy(world),
  processes: operations.map((operation) => ({ operation, step: 0, memory: {} })),
  sweeps: [],
  crashes: budget.crashes,
  swept: budget.sweeps,
});

/** Every interleaving of these operations, with deaths and sweeps at every point. */
export function explore(
  world: World,
  operations: readonly Operation[],
  budget: Budget,
  planted: Planted = 'none',
): Exploration {
  const seen = new Set<string>();
  const faults = new Set<string>();
  const work = [begin(world, operations, budget)];
  for (let state = work.pop(); state; state = work.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    if (isAtRest(state)) for (const fault of faultsAtRest(settle(state.world, planted))) faults.add(fault);
    for (const { state: next, fault } of successors(state, planted)) {
      if (fault !== undefined) faults.add(fault);
      work.push(next);
    }
  }
  return { states: seen.size, faults: [...faults] };
}

/** One interleaving of chance, for more operations than can be explored. */
export function wander(
  world: World,
  operations: readonly Operation[],
  budget: Budget,
  draw: () => number,
  planted: Planted = 'none',
): string[] {
  let state = begin(world, operations, budget);
  for (;;) {
    const choices = successors(state, planted);
    if (choices.length === 0 || (isAtRest(state) && draw() < 0.5))
      return faultsAtRest(settle(state.world, planted));
    const chosen = choices[Math.floor(draw() * choices.length)];
    if (!chosen) return [];
    if (chosen.fault !== undefined) return [chosen.fault];
    state = chosen.state;
  }
}
