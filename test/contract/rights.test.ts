/** Every call as every caller: one cell each (invariants.md T11), and nothing of ecnu in an answer to the other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callerOf } from './table/callers.js';
import { assertDescribed } from './table/described.js';
import { keyOfCall, servedKeys } from './table/endpoints.js';
import { findings } from './table/findings.js';
import { PRINCIPALS, type Cells, type Principal } from './table/principals.js';
import type { Row } from './table/row.js';
import { rows } from './table/rows.js';
import { CANARY, CANARY_PHONE, twin } from './table/scene.js';
import { outcomeOf, send, type Answer, type Sent } from './table/send.js';
import { startStage, type Stage } from './table/stage.js';

const FOREIGN: readonly string[] = ['counselorForeign', 'adminForeign'];
/** Calls in whose answer somebody of ecnu, who may, met the canary: what proves that there was something to hide. */
const met = new Set<string>();
const SHOWN = [
  'GET /user/list',
  'GET /user/ms/supervisor/list',
  'GET /user/ms/counselor/list',
  'PUT /conversation',
  'GET /conversation/consultlist',
  'GET /conversation/current',
  'GET /conversation/numberranking',
  'GET /conversation/ratedranking',
  'GET /message/conversation/web',
  'POST /api/consuntant/user/comments',
  'GET /api/v1/conversations/{id}',
  'GET /api/v1/conversations/{id}/messages',
  'POST /api/v1/sync',
];

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const nameOf = ({ call, of }: Row) => (of === undefined ? call : `${call} (${of})`);
const built = rows.filter(({ call }) => servedKeys.has(keyOfCall(call)));

const inParallel = (names: Principal[], ask: (name: Principal) => Promise<void>) =>
  Promise.all(names.map(ask));

function calling(row: Row) {
  const served = servedKeys.get(keyOfCall(row.call));
  if (!served) throw new Error(`no route for ${row.call}`);
  const { route } = served;
  return { route, dialect: route.dialect, method: route.method.toUpperCase() };
}

/** What a caller asked is not told to them: their own words may stand in the answer. */
function assertNothingOfEcnu(asked: string, answer: Answer): void {
  const told = [answer.text, ...answer.headers].join('\n').split(asked).join('');
  expect(told).not.toContain(CANARY);
  expect(told).not.toContain(CANARY_PHONE);
}

test('there are more than a thousand cells', () => {
  expect(built.length * PRINCIPALS.length).toBeGreaterThan(1_000);
});

describe('what each of them gets', () => {
  test.each(built.map((row) => [nameOf(row), row] as const))('%s', async (name, row) => {
    const { route, dialect, method } = calling(row);
    const got = {} as Cells;
    const ask = async (principal: Principal, shared?: Sent) => {
      const as = await callerOf(stage.scene, row, principal);
      const sent = shared ?? (await row.build(stage.scene, as));
      const answer = await send(stage.url, dialect, method, sent, as);
      got[principal] = outcomeOf(dialect, answer);
      assertDescribed(route, answer);
      if (FOREIGN.includes(principal)) assertNothingOfEcnu(sent.path, answer);
      else if (got[principal] === 'ok' && answer.text.includes(CANARY)) met.add(row.call);
    };
    // Who is refused uses nothing up: one input serves them all, at once; then who may, each with their own.
    const refused = await row.build(stage.scene, null);
    await inParallel(
      PRINCIPALS.filter((each) => row.cells[each] !== 'ok'),
      (each) => ask(each, refused),
    );
    await inParallel(
      PRINCIPALS.filter((each) => row.cells[each] === 'ok'),
      (each) => ask(each),
    );
    // Two more of the other institution, who have no cells: whatever they are answered, it is nothing of ecnu's.
    const { visitorForeign, supervisorForeign, ctx } = stage.scene;
    for (const foreign of [visitorForeign, supervisorForeign]) {
      const as = row.consumes === undefined ? foreign : await twin(ctx, foreign);
      const sent = await row.build(stage.scene, as);
      const answer = await send(stage.url, dialect, method, sent, as);
      outcomeOf(dialect, answer);
      assertDescribed(route, answer);
      assertNothingOfEcnu(sent.path, answer);
    }
    expect(got).toEqual({ ...row.cells, ...findings[name] });
    for (const [principal, outcome] of Object.entries(findings[name] ?? {}))
      expect(outcome).not.toBe(row.cells[principal as keyof Cells]);
  });
});

test('the canary was there to be seen', () => {
  expect(SHOWN.filter((call) => !met.has(call))).toEqual([]);
});

test('a finding names a row', () => {
  const names = built.map(nameOf);
  expect(Object.keys(findings).filter((name) => !names.includes(name))).toEqual([]);
});

test('nothing was left unhandled', () => {
  expect(stage.unhandled).toEqual([]);
});
