/** Which errors a call declares, and the schema of each: one a dialect and word, listed wherever it may happen. */
import { ERRORS, type ErrorRow, type ErrorWord } from '../contract/errors.js';
import type { Json } from './openapi-schemas.js';
import type { Route } from './route.js';

export interface DeclaredError {
  word: ErrorWord;
  /** HTTP status that it travels with. */
  status: number;
  /** `code` in the body; none in the documented 403 body. */
  code: number | null;
  /** Reference to its schema. */
  schema: Json;
}

/** What any call of its kind may answer, and what this one says of itself. */
export function declaredErrors(route: Route): DeclaredError[] {
  if (route.dialect === 'tencent') return [];
  const signed = route.auth !== 'anyone';
  const writes = route.method === 'post' || route.method === 'put';
  const words = new Set<ErrorWord>([
    'BAD_INPUT',
    ...(signed ? (['UNAUTHENTICATED', 'BANNED'] as const) : []),
    // Too few rights, or a page of another site with our cookie.
    'FORBIDDEN',
    ...(route.errors ?? []),
    ...(writes ? (['TOO_LARGE'] as const) : []),
    ...(route.files ? (['OVERLOADED'] as const) : []),
    'UNAVAILABLE',
    'INTERNAL',
  ]);
  return [...words].map((word) => declared(route.dialect as Wire, word));
}

type Wire = Exclude<Route['dialect'], 'tencent'>;
const WIRES: readonly Wire[] = ['hotline', 'consultant', 'ours'];

/** These two leave the hotline API as the documented 403 body. */
const asForbiddenBody = (wire: Wire, word: ErrorWord) =>
  wire === 'hotline' && (word === 'UNAUTHENTICATED' || word === 'BANNED');

function declared(wire: Wire, word: ErrorWord): DeclaredError {
  const row: ErrorRow = ERRORS[word];
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  if (asForbiddenBody(wire, word)) return { word, status: 403, code: null, schema: ref('Forbidden') };
  const status = wire === 'consultant' || (wire === 'hotline' && row.hotlineOk) ? 200 : row.http;
  const code = wire === 'consultant' ? row.consultant : row.hotline;
  return { word, status, code, schema: ref(`${wire}.${word}`) };
}

export function errorSchemas(): Record<string, Json> {
  const schemas: Record<string, Json> = { Forbidden: FORBIDDEN };
  for (const wire of WIRES)
    for (const word of Object.keys(ERRORS) as ErrorWord[])
      if (!asForbiddenBody(wire, word)) schemas[`${wire}.${word}`] = errorSchema(wire, word);
  return schemas;
}

const text = (description: string): Json => ({ type: 'string', description });

function errorSchema(wire: Wire, word: ErrorWord): Json {
  const row: ErrorRow = ERRORS[word];
  const code = {
    type: 'integer',
    const: wire === 'consultant' ? row.consultant : row.hotline,
    description: word,
  };
  const message = {
    type: wire === 'hotline' ? ['string', 'null'] : 'string',
    description: 'For people: what is wrong and what to do',
    examples: [row.message],
  };
  const details = {
    type: 'array',
    items: {
      type: 'object',
      properties: { path: text('The field'), message: text('What is wrong with it') },
    },
    description: 'Of BAD_INPUT: which fields',
  };
  const properties: Json = { code, message };
  if (wire !== 'consultant') properties['result'] = { type: 'null', description: 'Nothing' };
  if (wire === 'ours')
    Object.assign(properties, {
      error: { ...text('The stable word'), const: word },
      retry: { type: 'integer', description: 'Milliseconds to wait before trying again, where that helps' },
      requestId: text('As the log names this call'),
    });
  if (wire !== 'hotline') properties['details'] = details;
  const required = Object.keys(properties).filter((name) => name !== 'retry' && name !== 'details');
  return { type: 'object', description: `${word}: ${row.message}`, properties, required };
}

/** The Spring-style refusal of the first document. */
const FORBIDDEN: Json = {
  type: 'object',
  description: 'UNAUTHENTICATED, BANNED: not signed in, or a call that this role may never make',
  properties: {
    timestamp: text('When, ISO 8601 with +00:00'),
    status: { type: 'integer', const: 403, description: 'As HTTP’s' },
    error: { ...text('Forbidden'), const: 'Forbidden' },
    message: { ...text('Access Denied'), const: 'Access Denied' },
    path: text('The called path without its query; /login after log-out'),
  },
  required: ['timestamp', 'status', 'error', 'message', 'path'],
};
