/**
 * The OpenAPI 3.1 description, made from the same route list and zod objects that serve: docs/openapi.json is
 * printed by `npm run openapi`, and a test prints it again and compares.
 */
import { z } from 'zod';
import { ERRORS } from '../contract/errors.js';
import type { Route } from './route.js';
import { allRoutes } from './routes/index.js';

type Json = Record<string, unknown>;

const TAGS: Record<Route['dialect'], { name: string; description: string }> = {
  hotline: { name: 'Hotline API', description: 'The owner’s first document: {code, message, result}.' },
  consultant: {
    name: 'Consultant API',
    description: 'The owner’s second document: {code, message, data}, HTTP 200.',
  },
  tencent: { name: 'Tencent callback', description: 'Called by Tencent IM; answers in Tencent’s own form.' },
  ours: {
    name: 'Extensions',
    description: 'What the documents imply and no call gives: HTTP status and {code, message, result}.',
  },
};

export function openApi(): Json {
  const paths: Record<string, Json> = {};
  for (const route of allRoutes)
    for (const path of [route.path, ...(route.also ?? [])]) {
      const operations = (paths[path] ??= {});
      // Sections 6 and 16 document the same call twice: the first description stands.
      operations[route.method] ??= operation(route, path);
    }
  return {
    openapi: '3.1.0',
    info: {
      title: '心院热线 API',
      version: '1',
      description: 'Every documented call of the hotline and of the consultants, and our extensions.',
    },
    tags: Object.values(TAGS),
    security: [{ session: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'The Authorization header of a log-in' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'hotline' },
      },
    },
  };
}

function operation(route: Route, path: string): Json {
  const schema = inputSchema(route);
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  const required = (schema.required ?? []) as string[];
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const rest = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  const asQuery = route.from === 'query' || (route.from === 'any' && route.method === 'get');
  return {
    operationId: `${route.method}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    tags: [TAGS[route.dialect].name],
    summary: route.summary,
    description: describe(route),
    ...(route.auth === 'anyone' ? { security: [] } : {}),
    parameters: [
      ...inPath.map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: properties[name] ?? { type: 'string' },
      })),
      ...(asQuery
        ? rest.map(([name, property]) => ({
            name,
            in: 'query',
            required: required.includes(name),
            schema: property,
          }))
        : []),
    ],
    ...(asQuery || route.method === 'delete' || route.from === 'raw'
      ? {}
      : { requestBody: body(route, schema, rest, required) }),
    responses: responses(route),
  };
}

function inputSchema(route: Route): Json {
  const schema = z.toJSONSchema(route.input as z.ZodType, { io: 'input', unrepresentable: 'any' }) as Json;
  delete schema.$schema;
  delete schema.id;
  return schema;
}

function body(route: Route, schema: Json, rest: [string, Json][], required: string[]): Json {
  const shape = {
    ...schema,
    properties: Object.fromEntries(rest),
    required: required.filter((name) => rest.some(([other]) => other === name)),
  };
  if (!route.files) return { content: { 'application/json': { schema: shape } } };
  const files = Object.fromEntries(
    Object.keys(route.files.fields).map((name) => [
      name,
      { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } },
    ]),
  );
  return {
    content: {
      'multipart/form-data': { schema: { ...shape, properties: { ...shape.properties, ...files } } },
    },
  };
}

function describe(route: Route): string {
  const who =
    route.auth === 'anyone'
      ? 'Anyone.'
      : route.auth === 'signed-in'
        ? 'Any signed-in user.'
        : `Roles: ${route.auth.join(', ')}.`;
  return `Section ${route.section}. ${who}`;
}

function responses(route: Route): Json {
  const answer = (properties: Json, description: string) => ({
    description,
    content: { 'application/json': { schema: { type: 'object', properties } } },
  });
  const base = { code: { type: 'integer', description: codesOf(route) }, message: { type: 'string' } };
  if (route.dialect === 'consultant')
    return { 200: answer({ ...base, data: {} }, 'Success or a numbered error') };
  if (route.dialect === 'tencent') return { 200: { description: 'ActionStatus, ErrorInfo, ErrorCode' } };
  const list = route.list ? { count: { type: 'integer' }, next: { type: ['integer', 'null'] } } : {};
  const result: Json = {
    200: answer({ ...base, result: {}, ...list }, 'Success, or a business error by its code'),
    403: { description: 'Not signed in, or never allowed for this role' },
    429: answer(base, 'Too many calls'),
    500: answer(base, 'Our failure'),
    503: answer(base, 'The database is away, or too busy'),
  };
  if (route.dialect === 'ours') {
    for (const [word, row] of Object.entries(ERRORS))
      result[row.http] ??= answer({ ...base, error: { type: 'string', const: word } }, row.message);
  }
  return result;
}

function codesOf(route: Route): string {
  const column = route.dialect === 'consultant' ? 'consultant' : 'hotline';
  const numbers = new Map<number, string[]>();
  for (const [word, row] of Object.entries(ERRORS))
    numbers.set(row[column], [...(numbers.get(row[column]) ?? []), word]);
  return ['0 OK', ...[...numbers].map(([number, words]) => `${number} ${words.join(', ')}`)].join('; ');
}
