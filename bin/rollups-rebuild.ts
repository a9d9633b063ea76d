/** `npm run rollups:rebuild`: makes every statistics rollup anew, while the product may run. */
import { createNode } from '../services/create.js';
import { rebuildRollups } from '../services/statistics/rebuild.js';
import { command } from './command.js';

await command('rollups-rebuild', async (config) => {
  const node = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    const counted = await rebuildRollups(node.ctx);
    console.log(`rollups rebuilt from ${String(counted)} sources`);
  } finally {
    await node.close();
  }
});
