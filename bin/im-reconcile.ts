/** Command: compares the last two days with Tencent IM now, and prints the report. Safe to repeat. */
import { createNode } from '../services/create.js';
import { reconcileIm } from '../services/im/reconcile.js';
import { command } from './command.js';

await command('im-reconcile', async (config) => {
  if (!config.im) throw new Error('Tencent IM is not set up: set IM_SDK_APP_ID and IM_SECRET_KEY');
  const node = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    const name = `by hand ${new Date(node.ctx.clock.now()).toISOString()}`;
    console.log(JSON.stringify(await reconcileIm(node.ctx, name), null, 2));
  } finally {
    await node.close();
  }
});
