/**
 * Command: whatever DATA_KEY_PREVIOUS wrapped is wrapped by DATA_KEY from now on. May be broken off and repeated
 * (docs/operations.md, "A new DATA_KEY").
 */
import { createNode } from '../services/create.js';
import { rotateDataKey } from '../services/seal/rotate.js';
import { command } from './command.js';

await command('rotate-data-key', async (config) => {
  const { ctx, close } = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    const { rewrapped, already, foreign } = await rotateDataKey(ctx);
    const institution = config.DEFAULT_INSTITUTION;
    if (rewrapped > 0)
      await ctx.audit.write({
        institution,
        actor: null,
        action: 'data-key.rotate',
        subject: 'data-key:master',
      });
    console.log(`已用新的主密钥重新包裹${String(rewrapped)}个密钥，此前已包裹${String(already)}个。`);
    if (foreign.length > 0)
      throw new Error(`${String(foreign.length)} keys open with neither key: ${foreign.join(', ')}`);
    console.log(
      '请立即备份密钥（npm run backup -- --keys），再从各节点的环境中移除DATA_KEY_PREVIOUS并重启。',
    );
  } finally {
    await close();
  }
});
