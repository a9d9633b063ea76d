import { mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Where a start keeps its data and where start and test share what they fetched.
 * HOTLINE_DATA moves the first (default `.data/main`), HOTLINE_TOOLS the second (default: beside the first).
 */
export function foldersFor(root, vars) {
  const data = vars.HOTLINE_DATA ? resolve(root, vars.HOTLINE_DATA) : join(root, '.data', 'main');
  const tools = vars.HOTLINE_TOOLS ? resolve(root, vars.HOTLINE_TOOLS) : join(dirname(data), 'tools');
  return { data, tools, shared: join(root, '.data') };
}

/** Makes a folder that only its owner may enter. */
export function makePrivate(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A path as a person in the project's folder would type it. */
export function shown(root, path) {
  const short = relative(root, path);
  return short && !short.startsWith('..') ? short : path;
}
