/**
 * The sequential specification of the desk: who waits, who is served by whom. It says what must be, and leaves open
 * what policies decide (which of several free counselors takes somebody): there it follows what it is shown, after
 * asking whether that was legal. Pure.
 */
export type DeskCommand =
  | { act: 'open'; visitor: number; counselor: number | null }
  | { act: 'urge'; visitor: number }
  | { act: 'end'; visitor: number; by: 'visitor' | 'counselor' }
  | { act: 'cap'; counselor: number; cap: number }
  | { act: 'presence'; counselor: number; online: boolean }
  | { act: 'hand-over'; visitor: number; to: number }
  | { act: 'tick' };

interface Open {
  /** The line's order: arrival, or in front of all that are not urgent. */
  place: number;
  urgent: boolean;
  requested: number | null;
  owner: number | null;
}

/** What is stored: open conversations by visitor, seats by counselor. */
export interface DeskView {
  open: Map<number, { id: string; owner: number | null }>;
  seats: string[][];
}

export interface Desk {
  run(command: DeskCommand): void;
  /** Promises that its own state breaks: none, ever. */
  faults(): string[];
  /** How what is stored differs from what must be; takes over who was chosen where the choice was free. */
  compare(view: DeskView): string[];
}

export function createDesk(visitors: number, counselors: number, cap: number): Desk {
  const open = new Map<number, Open>();
  const desks = Array.from({ length: counselors }, () => ({ cap, online: true }));
  let arrivals = 0;
  let urges = 0;
  const seatsOf = (counselor: number) => [...open.values()].filter(({ owner }) => owner === counselor).length;
  const isFree = (counselor: number) => {
    const desk = desks[counselor];
    return desk !== undefined && desk.online && seatsOf(counselor) < desk.cap;
  };
  const waiting = () =>
    [...open].filter(([, row]) => row.owner === null).sort(([, a], [, b]) => a.place - b.place);
  /** Who a free counselor takes next: their own line before the common one. */
  const nextFor = (counselor: number) =>
    waiting().find(([, row]) => row.requested === counselor) ??
    waiting().find(([, row]) => row.requested === null);

  /** Gives away every seat there is; `prefer` names who is to have whom, if that is legal. */
  function admit(prefer: ReadonlyMap<number, number> = new Map()): void {
    for (;;) {
      const pairs = desks.flatMap((_desk, counselor) => {
        const next = isFree(counselor) ? nextFor(counselor) : undefined;
        return next ? [{ counselor, visitor: next[0], row: next[1] }] : [];
      });
      const chosen = pairs.find(({ counselor, visitor }) => prefer.get(visitor) === counselor) ?? pairs[0];
      if (!chosen) return;
      chosen.row.owner = chosen.counselor;
    }
  }

  /** As it was before the last command's admissions, so that another choice can be followed. */
  let before = new Map<number, Open>();

  const keep = () => {
    before = new Map([...open].map(([visitor, row]) => [visitor, { ...row }]));
  };

  return {
    run(command) {
      switch (command.act) {
        case 'open':
          if (command.visitor < visitors && !open.has(command.visitor))
            open.set(command.visitor, {
              place: (arrivals += 1),
              urgent: false,
              requested: command.counselor,
              owner: null,
            });
          break;
        case 'urge': {
          const row = open.get(command.visitor);
          if (row?.owner === null && !row.urgent)
            // Nobody has waited long here: whoever is urgent stands in front, in the order in which it was known.
            Object.assign(row, { urgent: true, place: (urges += 1) - 1_000_000 });
          break;
        }
        case 'end':
          open.delete(command.visitor);
          break;
        case 'cap':
          Object.assign(desks[command.counselor] ?? {}, { cap: command.cap });
          break;
        case 'presence':
          Object.assign(desks[command.counselor] ?? {}, { online: command.online });
          break;
        case 'hand-over': {
          const row = open.get(command.visitor);
          if (row?.owner != null && row.owner !== command.to && isFree(command.to)) row.owner = command.to;
          break;
        }
        case 'tick':
          break;
      }
      keep();
      admit();
    },

    faults() {
      const faults: string[] = [];
      for (const [visitor, row] of waiting()) {
        const beside = desks.findIndex(
          (_desk, counselor) => isFree(counselor) && (row.requested ?? counselor) === counselor,
        );
        if (beside >= 0) faults.push(`${String(visitor)} waits beside ${String(beside)}`);
      }
      return faults;
    },

    compare(view) {
      const faults: string[] = [];
      if ([...view.open.keys()].sort().join() !== [...open.keys()].sort().join())
        return [`open: ${[...view.open.keys()].join()} instead of ${[...open.keys()].join()}`];
      // The same admissions with the choices that were made.
      open.clear();
      for (const [visitor, row] of before) open.set(visitor, { ...row });
      admit(
        new Map(
          [...view.open].flatMap(([visitor, { owner }]) =>
            owner === null ? [] : [[visitor, owner] as const],
          ),
        ),
      );
      for (const [visitor, row] of open) {
        const stored = view.open.get(visitor);
        if (stored?.owner !== row.owner)
          faults.push(`${String(visitor)} is with ${String(stored?.owner)}, not ${String(row.owner)}`);
      }
      view.seats.forEach((seats, counselor) => {
        const owned = [...view.open.values()].filter(({ owner }) => owner === counselor).map(({ id }) => id);
        if (seats.toSorted().join() !== owned.sort().join())
          faults.push(`seats of ${String(counselor)}: ${seats.join()} for ${owned.join()}`);
      });
      return faults;
    },
  };
}
