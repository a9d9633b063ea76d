/**
 * Command: exports are signed with a new key from now on. The old one can sign nothing any more, and stays listed at
 * /api/v1/seal-keys, so that whatever it signed can be verified for ever.
 */
import { createNode } from '../services/create.js';
import { listSealKeys, retireSealKey, signerOf } from '../services/seal/signing.js';
import { command } from './command.js';

await command('rotate-seal-key', async (config) => {
  const { ctx, close } = await createNode(config, { waker: { wake: () => Promise.resolve() } });
  try {
    await retireSealKey(ctx);
    const { id } = await signerOf(ctx);
    const institution = ctx.config.DEFAULT_INSTITUTION;
    await ctx.audit.write({ institution, actor: null, action: 'seal-key.rotate', subject: `seal-key:${id}` });
    const keys = await listSealKeys(ctx);
    console.log(`已启用新的签名密钥 ${id}；公布的公钥共${String(keys.length)}个，停用的仍可核对此前的导出。`);
  } finally {
    await close();
  }
});
