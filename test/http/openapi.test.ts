import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { declaredErrors } from '../../server/openapi-errors.js';
import { openApi } from '../../server/openapi.js';
import { allRoutes } from '../../server/routes/index.js';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const described = openApi();
const paths = described['paths'] as Record<string, Record<string, Json>>;
const schemas = (described['components'] as { schemas: Record<string, Json> }).schemas;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    call: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

test('docs/openapi.json is what the routes say now: npm run openapi prints it', () => {
  const file = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as Json;
  // Compared as text: a difference of thousands of lines takes a minute to print and tells nothing.
  expect(JSON.stringify(file) === JSON.stringify(described)).toBe(true);
});

test('every route and every other spelling is described once, with a name of its own', () => {
  for (const route of allRoutes)
    for (const spelling of [route.path, ...(route.also ?? [])]) {
      const path = spelling.replace(/:(\w+)/g, '{$1}');
      expect([path, Object.keys(paths[path] ?? {})]).toEqual([path, expect.arrayContaining([route.method])]);
    }
  const names = operations.map(({ operation }) => operation['operationId']);
  expect(new Set(names).size).toBe(names.length);
});

/** Where a property has neither words of its own nor a named schema that has some: `place.property`. */
function wordless(place: string, schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap((each) => wordless(place, each));
  if (!isObject(schema)) return [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return [
    ...Object.entries(properties).flatMap(([name, property]) => [
      ...(hasWords(property) ? [] : [`${place}.${name}`]),
      ...wordless(`${place}.${name}`, property),
    ]),
    ...Object.entries(schema)
      .filter(([key]) => key !== 'properties')
      .flatMap(([, value]) => wordless(place, value)),
  ];
}
const hasWords = (property: unknown): boolean =>
  isObject(property) && typeof property['description'] === 'string' && property['description'] !== '';

test('every field of every input and answer says what it is: add .describe("…") to the zod field named here', () => {
  const missing = [
    ...operations.flatMap(({ call, operation }) => [
      ...wordless(call, operation),
      ...(operation['parameters'] as Json[])
        .filter((parameter) => !hasWords(parameter))
        .map(({ name }) => `${call} ?${String(name)}`),
    ]),
    ...Object.entries(schemas).flatMap(([name, schema]) => wordless(name, schema)),
  ];
  expect([...new Set(missing)].sort()).toEqual([]);
});

test('every call says what it answers: add `answer:` (a zod schema, "bytes" or null) to the route named here', () => {
  const missing = allRoutes.filter(({ answer }) => answer === undefined);
  expect(missing.map(({ method, path }) => `${method.toUpperCase()} ${path}`)).toEqual([]);
  const untyped = operations.filter(({ operation }) => {
    const text = JSON.stringify(operation['responses']);
    return text.includes('"result":{}') || text.includes('"data":{}') || text.includes('"schema":{}');
  });
  expect(untyped.map(({ call }) => call)).toEqual([]);
});

test('every call lists its errors, each by word, code and message', () => {
  for (const route of allRoutes.filter(({ dialect }) => dialect !== 'tencent')) {
    const answers = JSON.stringify(
      paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method]?.['responses'],
    );
    for (const { word, code, schema } of declaredErrors(route)) {
      expect([route.path, answers]).toEqual([route.path, expect.stringContaining(String(schema['$ref']))]);
      const error = schemas[String(schema['$ref']).split('/').at(-1) ?? ''];
      expect(error?.['description']).toContain(word);
      if (code !== null) expect(error).toMatchObject({ properties: { code: { const: code }, message: {} } });
    }
  }
});

test('every reference leads somewhere', () => {
  const targets = [...JSON.stringify(described).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
  expect(targets.map(([, name = '']) => name).filter((name) => !(name in schemas))).toEqual([]);
});
