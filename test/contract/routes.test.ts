/** What the documents list is served, what is served is in the table of rights. */
import { describe, expect, test } from '@jest/globals';
import { documentedEndpoints, keyOf, keyOfCall, servedKeys, servedRoutes } from './table/endpoints.js';
import { notYet } from './table/not-yet.js';
import { rows } from './table/rows.js';

const endpoints = documentedEndpoints();
const keysOf = ({ method, paths }: { method: string; paths: string[] }) =>
  paths.map((path) => keyOf(method, path));

test('the table of endpoints is whole', () => {
  expect(endpoints.filter(({ document }) => document === 'hotline')).toHaveLength(43);
  expect(endpoints.filter(({ document }) => document === 'consultant')).toHaveLength(34);
});

describe('every documented call is served, in both spellings where there are two', () => {
  test.each(
    endpoints.map(
      (endpoint) => [`${endpoint.document} ${keysOf(endpoint).join(' and ')}`, endpoint] as const,
    ),
  )('%s', (_name, endpoint) => {
    const missing = keysOf(endpoint).filter((key) => !servedKeys.has(key));
    if (notYet.some((call) => keysOf(endpoint).includes(keyOfCall(call)))) {
      // What is built must leave the list, so that it can't go again unseen.
      expect(missing).not.toEqual([]);
      return;
    }
    expect(missing).toEqual([]);
    for (const key of keysOf(endpoint)) expect(servedKeys.get(key)?.route.dialect).toBe(dialectOf(endpoint));
  });
});

const dialectOf = ({ document, section }: { document: string; section: string }) =>
  section === '38b' ? 'tencent' : document;

test('the list of what is not built names only what is documented', () => {
  const documented = new Set(endpoints.flatMap(keysOf));
  expect(notYet.filter((call) => !documented.has(keyOfCall(call)))).toEqual([]);
  if (notYet.length > 0) process.stdout.write(`documented, not built yet:\n  ${notYet.join('\n  ')}\n`);
});

describe('the table of rights', () => {
  const inTable = new Set(rows.map(({ call }) => keyOfCall(call)));

  test.each(servedRoutes.map(({ call }) => [call]))('has a row for %s', (call) => {
    expect(inTable.has(keyOfCall(call))).toBe(true);
  });

  test('has no row for what is neither served nor on the list of what is not built', () => {
    const known = new Set([...servedKeys.keys(), ...notYet.map(keyOfCall)]);
    expect(rows.map(({ call }) => call).filter((call) => !known.has(keyOfCall(call)))).toEqual([]);
  });
});
