/** Each call with what it requires left out, with wrong types, with more than it knows, and with hostile values. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Person } from '../support/factories.js';
import { callerOf } from './table/callers.js';
import { assertDescribed } from './table/described.js';
import { documentedEndpoints, keyOf, keyOfCall, servedKeys } from './table/endpoints.js';
import { PRINCIPALS } from './table/principals.js';
import type { Row } from './table/row.js';
import { rows } from './table/rows.js';
import { outcomeOf, send, type Sent } from './table/send.js';
import { startStage, type Stage } from './table/stage.js';

const HOSTILE: unknown[] = [
  { $gt: '' },
  { __proto__: null, constructor: { prototype: { polluted: 1 } } },
  [],
  [[['deep']]],
  true,
  -1,
  1e9,
  1.5,
  1e308,
  'a\u0000b\u0007',
  '\ud800',
  '../../../etc/passwd',
  '%00',
  "' || 1==1 //",
  'x'.repeat(70_000),
];
/** In an address everything is text; what a URL can't carry is left out. */
const IN_PATH = [
  '{"$gt":""}',
  '__proto__',
  '1e9',
  '-1',
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '%ED%A0%80',
  'x'.repeat(3_000),
];

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const nameOf = ({ call, of }: Row) => (of === undefined ? call : `${call} (${of})`);
const required = new Map(
  documentedEndpoints().flatMap((each) =>
    each.paths.map((path) => [keyOf(each.method, path), each.required]),
  ),
);
/** Raw bodies, files and what sends something outside have tests of their own. */
const tested = rows.filter(
  (row) => servedKeys.get(keyOfCall(row.call))?.route.from !== 'raw' && row.quiet === undefined,
);

/** @param rank the first of those who may, or the last: whose rights no earlier test has changed */
async function right(row: Row, rank: 'first' | 'last' = 'last'): Promise<{ as: Person | null; sent: Sent }> {
  const order = rank === 'first' ? PRINCIPALS : [...PRINCIPALS].reverse();
  const who = order.find((name) => row.cells[name] === 'ok' && name !== 'expired' && name !== 'cut');
  const as = await callerOf(
    stage.scene,
    { ...row, ...(row.consumes ? { consumes: 'person' } : {}) },
    who ?? 'systemAdmin',
  );
  return { as, sent: await row.build(stage.scene, as) };
}

const dialectOf = (row: Row) => servedKeys.get(keyOfCall(row.call))!.route;
const asked = async (row: Row, sent: Sent, as: Person | null) => {
  const route = dialectOf(row);
  const answer = await send(stage.url, route.dialect, route.method.toUpperCase(), sent, as);
  const outcome = outcomeOf(route.dialect, answer);
  // A path that was bent out of shape may be another call, or none.
  if (sent.path.split('/').length === row.call.split('/').length && !sent.path.includes('..'))
    assertDescribed(route, answer);
  return outcome;
};
const fieldsOf = ({ json }: Sent) =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : null;
const isFault = (outcome: unknown) => typeof outcome === 'number' && outcome >= 500;

describe('a required field that is left out or null', () => {
  test.each(tested.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const { as, sent } = await right(row);
    const fields = fieldsOf(sent);
    const starred = (required.get(keyOfCall(row.call)) ?? []).filter((name) => fields && name in fields);
    const { dialect } = dialectOf(row);
    // Starred, and may be empty: left out they are the first page, and one's own institution.
    const lenient = ['page', 'pageSize', 'page_size', 'organization'];
    for (const name of starred.filter((each) => !lenient.includes(each))) {
      const { [name]: _left, ...rest } = fields ?? {};
      expect([name, await asked(row, { ...sent, json: rest }, as)]).toEqual([
        name,
        dialect === 'consultant' ? 400 : -2,
      ]);
    }
  });
});

describe('wrong types and hostile values are answered in the dialect, never by a fault', () => {
  test.each(tested.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const { as, sent } = await right(row, 'first');
    const fields = fieldsOf(sent);
    const bodies: Sent[] = Object.keys(fields ?? {}).flatMap((name) =>
      HOSTILE.map((value) => ({ ...sent, json: { ...fields, [name]: value } })),
    );
    const [path = '', query] = sent.path.split('?');
    const queries = [...new URLSearchParams(query).keys()].flatMap((name) =>
      IN_PATH.map((value) => {
        const changed = new URLSearchParams(query);
        changed.delete(name);
        return { ...sent, path: `${path}?${changed.toString()}&${name}=${value}` };
      }),
    );
    const template = row.call.split(' ')[1]?.split('/') ?? [];
    const parts = path.split('/');
    const paths = template.flatMap((part, index) =>
      part.startsWith('{')
        ? IN_PATH.map((value) => ({ ...sent, path: parts.with(index, value).join('/') }))
        : [],
    );
    const faults: unknown[] = [];
    const tries = [...bodies, ...queries, ...paths];
    for (let from = 0; from < tries.length; from += 10)
      await Promise.all(
        tries.slice(from, from + 10).map(async (each) => {
          const outcome = await asked(row, each, as);
          if (isFault(outcome)) faults.push([outcome, JSON.stringify(each).slice(0, 200)]);
        }),
      );
    expect(faults).toEqual([]);
  });
});

describe('a field that nobody knows', () => {
  const writing = tested.filter(({ call }) => !call.startsWith('GET'));
  test.each(writing.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const { as, sent } = await right(row);
    const fields = fieldsOf(sent);
    if (fields === null || Object.keys(fields).length === 0 || !Object.values(row.cells).includes('ok'))
      return;
    const extra = { ...sent, json: { ...fields, contractUnknown: { $gt: '' } } };
    const { dialect, from } = dialectOf(row);
    // Ignored on documented calls, refused on our own.
    expect([from, await asked(row, extra, as)]).toEqual([from, dialect === 'ours' ? 400 : 'ok']);
  });
});

test('what is no JSON is refused in the dialect', async () => {
  for (const row of tested.filter(({ call }) => call.startsWith('POST') || call.startsWith('PUT'))) {
    const { dialect } = dialectOf(row);
    const { people } = stage.scene;
    const path = row.call.split(' ')[1]?.replace(/\{\w+\}/g, 'x') ?? '';
    const outcome = await asked(row, { path, text: '{"a":' }, people.systemAdmin);
    expect([row.call, outcome]).toEqual([
      row.call,
      { hotline: -2, consultant: 400, ours: 400, tencent: 1 }[dialect],
    ]);
  }
});

test('the process is as it was', async () => {
  expect(stage.unhandled).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect((await fetch(`${stage.url}/config`)).status).toBe(200);
});
