import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { openApi } from '../../server/openapi.js';
import { allRoutes } from '../../server/routes/index.js';

test('docs/openapi.json is what the routes say now: npm run openapi prints it', () => {
  const file = new URL('../../docs/openapi.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApi())));
});

test('every route and every other spelling is described once, with a name of its own', () => {
  const paths = openApi().paths as Record<string, Record<string, { operationId: string }>>;
  for (const route of allRoutes)
    for (const path of [route.path, ...(route.also ?? [])])
      expect([path, Object.keys(paths[path] ?? {})]).toEqual([path, expect.arrayContaining([route.method])]);
  const names = Object.values(paths).flatMap((operations) =>
    Object.values(operations).map((each) => each.operationId),
  );
  expect(new Set(names).size).toBe(names.length);
});
