/**
 * The OpenAPI 3.1 description, made from the same route list and zod objects that serve: docs/openapi.json is
 * printed by `npm run openapi`, and a test prints it again and compares.
 */
import { z } from 'zod';
import { declaredErrors, errorSchemas } from './openapi-errors.js';
import { createSchemas, type Json, type Schemas } from './openapi-schemas.js';
import type { Route } from './route.js';
import { allRoutes } from './routes/index.js';

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

const ABOUT = `Every documented call of the hotline and of the consultants, and our extensions.
Where a number is due, a string of its digits is read too; on documented calls "" and null in an optional field mean
that it was left out, and fields that nobody knows are ignored. Further fields may join an answer.`;

export function openApi(): Json {
  const schemas = createSchemas();
  const paths: Record<string, Json> = {};
  for (const route of allRoutes)
    for (const spelling of [route.path, ...(route.also ?? [])]) {
      const path = spelling.replace(/:(\w+)/g, '{$1}');
      const operations = (paths[path] ??= {});
      // Sections 6 and 16 document the same call twice: the first description stands.
      operations[route.method] ??= operation(schemas, route, path);
    }
  return {
    openapi: '3.1.0',
    info: { title: '心院热线 API', version: '1', description: ABOUT },
    tags: Object.values(TAGS),
    security: [{ session: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: { ...schemas.named, ...errorSchemas() },
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'The Authorization header of a log-in' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'hotline', description: 'Set by a log-in' },
      },
    },
  };
}

function operation(schemas: Schemas, route: Route, path: string): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return {
    operationId: `${route.method}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    tags: [TAGS[route.dialect].name],
    summary: route.summary,
    description: about(route),
    ...(route.auth === 'anyone' ? { security: [] } : {}),
    ...request(schemas, route, inPath),
    responses: responses(schemas, route),
  };
}

function about(route: Route): string {
  const who =
    route.auth === 'anyone'
      ? 'Anyone.'
      : route.auth === 'signed-in'
        ? 'Any signed-in user.'
        : `Roles: ${route.auth.join(', ')}.`;
  const both = route.from === 'any' && route.method !== 'get';
  return `Section ${route.section}. ${who}${both ? ' Query fields are read from a form or JSON body too.' : ''}`;
}

/** Whoever signs in on the second document's calls says so beside the other fields. */
const Caller = z.object({
  userID: z.int().describe('The caller’s number, as log-in answered it; must be the token’s'),
  token: z.string().describe('As log-in answered it; the Authorization header does as well'),
});

function request(schemas: Schemas, route: Route, inPath: string[]): Json {
  if (route.described)
    return {
      parameters: parameters(schemas.input(route.described.query), 'query'),
      requestBody: { content: { 'application/json': { schema: schemas.answer(route.described.body) } } },
    };
  const schema = schemas.input(route.input);
  const { properties, required } = schema;
  const pick = (keep: (name: string) => boolean) => ({
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => keep(name))),
    required: required.filter(keep),
  });
  const inBody = (name: string) =>
    route.from === 'json' && route.method !== 'get' && route.method !== 'delete' && !inPath.includes(name);
  // A body that is itself an array is called `list` (document section 35).
  const list = properties['list'];
  const params = [
    ...inPath.map((name) => ({
      name,
      in: 'path',
      required: true,
      description: properties[name]?.['description'] ?? 'As the path says',
      schema: properties[name] ?? { type: 'string' },
    })),
    ...parameters(
      pick((name) => !inBody(name) && !inPath.includes(name) && name !== 'list' && !route.files),
      'query',
    ),
  ];
  const rest = pick((name) => (inBody(name) || route.files !== undefined) && !inPath.includes(name));
  if (route.dialect === 'consultant' && route.auth !== 'anyone') {
    const caller = schemas.input(Caller);
    rest.properties = { ...caller.properties, ...rest.properties };
    rest.required = [...(route.userID ? [] : ['userID']), 'token', ...rest.required];
  }
  const body = list ?? (Object.keys(rest.properties).length > 0 ? rest : null);
  return {
    parameters: params,
    ...(body || route.files ? { requestBody: bodyOf(route, body ?? rest) } : {}),
  };
}

const parameters = ({ properties, required }: ReturnType<Schemas['input']>, place: string): Json[] =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: required.includes(name),
    description: schema['description'],
    schema,
  }));

function bodyOf(route: Route, schema: Json): Json {
  if (!route.files) return { content: { 'application/json': { schema } } };
  const about = `At most ${String(Math.floor(route.files.maxBytes / 1_048_576))} MiB each`;
  const files = Object.fromEntries(
    Object.entries(route.files.fields).map(([name, most]) => [
      name,
      {
        type: 'array',
        maxItems: most,
        items: { type: 'string', contentMediaType: 'application/octet-stream' },
        description: `File. ${about}`,
      },
    ]),
  );
  const properties = { ...(schema['properties'] as Json), ...files };
  return { content: { 'multipart/form-data': { schema: { ...schema, properties } } } };
}

const json = (schema: Json) => ({ 'application/json': { schema } });

/** By HTTP status: what a success says, and which refusals it may bring. */
function responses(schemas: Schemas, route: Route): Json {
  const byStatus = new Map<number, Json[]>();
  for (const { status, schema } of declaredErrors(route))
    byStatus.set(status, [...(byStatus.get(status) ?? []), schema]);
  const success = successOf(schemas, route);
  if (success) byStatus.set(200, [success, ...(byStatus.get(200) ?? [])]);
  const result: Json = {};
  for (const [status, all] of [...byStatus].sort(([one], [other]) => one - other)) {
    const [first] = all;
    const content = json(all.length === 1 && first ? first : { anyOf: all });
    const file = route.answer === 'bytes' && status === 200;
    result[status] = {
      description: DESCRIPTIONS[status] ?? 'Refused',
      content: file
        ? {
            'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
            ...(all.length > 0 ? content : {}),
          }
        : content,
    };
  }
  if (route.answer === 'bytes')
    result[200] ??= {
      description: 'The file',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    };
  return result;
}

const DESCRIPTIONS: Record<number, string> = {
  200: 'Success, or a business error by its code',
  403: 'Not signed in, or never allowed for this role',
  429: 'Too many calls',
  500: 'Our failure',
  503: 'The database is away, or too busy',
};

const part = (schema: Json, description: string): Json => ({ ...schema, description });
const CODE = part({ type: 'integer', const: 0 }, '0 = success');
const MESSAGE = part({ type: 'string', const: 'OK' }, 'OK');

/** Null where no call ever succeeds with HTTP 200 and a body of ours: files, and the documented log-out. */
function successOf(schemas: Schemas, route: Route): Json | null {
  const { answer } = route;
  if (answer === undefined || answer === 'bytes') return null;
  if (route.dialect === 'tencent') return answer && schemas.answer(answer);
  if (route.dialect === 'hotline' && answer === null) return null;
  const told = answer === null ? { type: 'null' } : schemas.answer(answer);
  const properties: Json = { code: CODE, message: MESSAGE };
  if (route.dialect === 'consultant') {
    if (route.beside) Object.assign(properties, told['properties']);
    else if (answer !== null) properties['data'] = part(told, 'The answer');
  } else if (route.list) {
    properties['result'] = { type: 'array', items: told, description: 'The rows of the page' };
    properties['count'] = { type: 'integer', description: 'All that match' };
    properties['next'] = {
      type: ['integer', 'null'],
      description: 'Number of the next page, null on the last',
    };
  } else
    properties['result'] = part(
      told,
      typeof told['description'] === 'string' ? told['description'] : 'The answer',
    );
  return { type: 'object', properties, required: Object.keys(properties) };
}
