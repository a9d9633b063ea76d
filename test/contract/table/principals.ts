/** The fourteen callers of invariants.md T11 (a dead token as two: over, and cut) and their groups. */
export const PRINCIPALS = [
  'anonymous',
  'expired',
  'cut',
  'visitorOwner',
  'visitorOther',
  'visitorBanned',
  'counselorOwner',
  'counselorColleague',
  'counselorForeign',
  'supervisorBound',
  'supervisorCalled',
  'supervisorUnbound',
  'adminOwn',
  'adminForeign',
  'systemAdmin',
] as const;
export type Principal = (typeof PRINCIPALS)[number];

const GROUPS = {
  everyone: PRINCIPALS,
  outsiders: ['anonymous', 'expired', 'cut'],
  visitors: ['visitorOwner', 'visitorOther'],
  counselors: ['counselorOwner', 'counselorColleague', 'counselorForeign'],
  supervisors: ['supervisorBound', 'supervisorCalled', 'supervisorUnbound'],
  admins: ['adminOwn', 'adminForeign', 'systemAdmin'],
  staff: [
    'counselorOwner',
    'counselorColleague',
    'counselorForeign',
    'supervisorBound',
    'supervisorCalled',
    'supervisorUnbound',
    'adminOwn',
    'adminForeign',
    'systemAdmin',
  ],
} as const satisfies Record<string, readonly Principal[]>;
type Group = keyof typeof GROUPS;

/**
 * What an answer is, in one word: `ok`; `403 body` (the documented Spring-style refusal); the `code` of the hotline
 * (-5 not theirs, -4 unknown, -2 refused …) or of the consultant API (401, 403 …); the HTTP status of ours.
 */
export type Outcome = 'ok' | '403 body' | number;
export type Cells = Record<Principal, Outcome>;

/** Everybody gets `otherwise`, but for who is named; what is named later wins. */
export function cells(otherwise: Outcome, ...named: [Outcome, ...(Principal | Group)[]][]): Cells {
  const table = Object.fromEntries(PRINCIPALS.map((name) => [name, otherwise])) as Cells;
  for (const [outcome, ...who] of named)
    for (const name of who.flatMap((each): readonly Principal[] =>
      each in GROUPS ? GROUPS[each as Group] : [each as Principal],
    ))
      table[name] = outcome;
  return table;
}

/** Hotline: who is not named may never call it. */
export const hotline = (...named: [Outcome, ...(Principal | Group)[]][]) => cells('403 body', ...named);

/** Consultant: a role that is no consultant is 403, a dead or banned token 401. */
export const consultant = (...named: [Outcome, ...(Principal | Group)[]][]) =>
  cells(403, [401, 'outsiders', 'visitorBanned'], ...named);

/** Ours: 403 for a role that may not, 401 for a dead token; a banned one is 403 too. */
export const ours = (...named: [Outcome, ...(Principal | Group)[]][]) =>
  cells(403, [401, 'outsiders'], ...named);
