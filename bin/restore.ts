/** `npm run restore -- FOLDER/<time> KEYS`: into an empty database; what was erased since is erased again. */
import { resolve } from 'node:path';
import { migrate } from '../models/migrate.js';
import { createNode } from '../services/create.js';
import { restore } from '../services/backup/restore.js';
import { command } from './command.js';

await command('restore', async (config) => {
  const [data, keys] = process.argv.slice(2);
  if (data === undefined || keys === undefined)
    throw new Error('give two folders: npm run restore -- FOLDER/<time> KEYS');
  const node = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    await migrate(node.ctx.mongo, node.ctx.models);
    const { documents, erasedAgain } = await restore(node.ctx, { data: resolve(data), keys: resolve(keys) });
    console.log(`${String(documents)} documents restored, ${String(erasedAgain)} erasures applied again`);
  } finally {
    await node.close();
  }
});
