import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version of package.json; built code lies one folder deeper than its source. */
export function readVersion(): string {
  const path = ['../package.json', '../../package.json']
    .map((each) => fileURLToPath(new URL(each, import.meta.url)))
    .find((each) => existsSync(each));
  if (path === undefined) return '';
  return (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }).version ?? '';
}
