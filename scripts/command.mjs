/**
 * `npm run rollups:rebuild`, `backup`, `restore` and the like: one of bin/'s commands on the installation of the data
 * folder. While `npm start` runs there, its database and Redis are used; otherwise MONGODB_URL and REDIS_URL must
 * say where they are. Needs the built server code.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { foldersFor } from './lib/folders.mjs';
import { readRunFile } from './lib/run-file.mjs';

const [name, ...rest] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'bin', `${name}.js`);
if (!existsSync(built)) {
  process.stderr.write(`dist/bin/${name}.js is missing: run npm run build first\n`);
  process.exitCode = 2;
} else {
  const { data } = foldersFor(root, process.env);
  const run = readRunFile(data);
  const found = { HOTLINE_DATA: data, MONGODB_URL: run?.mongo.url, REDIS_URL: run?.redis.url };
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', built, ...rest], {
    stdio: 'inherit',
    env: { ...found, ...given },
  });
  process.exitCode = status ?? 2;
}
