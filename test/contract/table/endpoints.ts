/** The documented calls as test/contract/endpoints.tsv has them, and the routes that are served. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Route } from '../../../server/route.js';
import { allRoutes } from '../../../server/routes/index.js';

export interface Endpoint {
  document: 'hotline' | 'consultant';
  section: string;
  method: string;
  /** The documented spelling first, then every other that is served too. */
  paths: string[];
  /** Fields that the table stars. */
  required: string[];
}

/** `{id}` and `:id` are one, whatever the parameter is called. */
const shapeOf = (path: string) => path.replace(/\{\w+\}|:\w+/g, '{}');
export const keyOf = (method: string, path: string) => `${method.toUpperCase()} ${shapeOf(path)}`;

export function documentedEndpoints(): Endpoint[] {
  const text = readFileSync(fileURLToPath(new URL('../endpoints.tsv', import.meta.url)), 'utf8');
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const names = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    return {
      document: cell('document') as Endpoint['document'],
      section: cell('section'),
      method: cell('method'),
      paths: [cell('path'), ...cell('also_serve').split(/[\s|,]+/)].filter(Boolean),
      required: [...cell('input').matchAll(/(\w+)\*/g)].map(([, name]) => name ?? ''),
    };
  });
}

export interface Served {
  route: Route;
  /** As the route writes it, `{name}` for parameters. */
  call: string;
}

/** Every route under its own path; other spellings are the same handler. */
export const servedRoutes: Served[] = allRoutes.map((route) => ({
  route,
  call: `${route.method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
}));

/** Every path that is served, other spellings included, to its route. */
export const servedKeys = new Map<string, Served>(
  servedRoutes.flatMap((served) =>
    [served.route.path, ...(served.route.also ?? [])].map((path): [string, Served] => [
      keyOf(served.route.method, path),
      served,
    ]),
  ),
);

export const keyOfCall = (call: string) => {
  const [method = '', path = ''] = call.split(' ');
  return keyOf(method, path);
};
