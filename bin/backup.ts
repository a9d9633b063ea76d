/**
 * `npm run backup -- FOLDER KEYS`: data into FOLDER/<time>, keys and receipts of erasure into KEYS, where they replace
 * those of before. `npm run backup -- --keys KEYS` renews the second alone. DATA_KEY itself is in neither.
 */
import { join, resolve, sep } from 'node:path';
import { createNode } from '../services/create.js';
import { backup } from '../services/backup/backup.js';
import { command } from './command.js';

await command('backup', async (config) => {
  const given = process.argv.slice(2);
  const keysOnly = given[0] === '--keys';
  const [folder, keysFolder] = keysOnly ? [null, given[1]] : [given[0], given[1]];
  if (folder === undefined || keysFolder === undefined)
    throw new Error('give two folders: npm run backup -- FOLDER KEYS (or --keys KEYS)');
  const keys = resolve(keysFolder);
  if (folder !== null && (keys + sep).startsWith(resolve(folder) + sep))
    throw new Error('keep the keys apart from the data: KEYS must not lie in FOLDER');
  const node = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    const stamp = new Date(node.ctx.clock.now()).toISOString().replace(/[:.]/g, '-');
    const data = folder === null ? null : join(resolve(folder), stamp);
    const made = await backup(node.ctx, { data, keys });
    const count = (manifest: typeof made.keys | null) =>
      Object.values(manifest?.collections ?? {}).reduce((sum, { documents }) => sum + documents, 0);
    if (data)
      console.log(
        `${String(count(made.data))} documents and ${String(made.data?.files ?? 0)} files in ${data}`,
      );
    console.log(`${String(count(made.keys))} keys and receipts in ${keys}`);
  } finally {
    await node.close();
  }
});
