/** Serves the faces named by FACES in one process; the bootstrap has migrated and seeded before. */
import { networkInterfaces } from 'node:os';
import { ConfigError, loadConfig, type Config } from '../platform/config.js';
import { DEMO_LOGINS } from '../services/demo/people.js';
import { replayIfRestored } from '../services/retention/erase.js';
import { DEMO_APP } from '../services/wechat/apps.js';
import { assemble } from './assemble.js';
import { keepHeapSmall } from './heap.js';
import { listen } from './listen.js';

async function main(): Promise<void> {
  const config = await withStandIns(loadConfig(process.env));
  if ([...config.faces].every((face) => face === 'worker')) keepHeapSmall();
  const assembled = await assemble(config);
  // A backup may have been put back by other means than ours: nothing is served before it is erased again.
  const again = await replayIfRestored(assembled.ctx);
  if (again > 0) assembled.ctx.log.warn({ again }, 'erasures applied again after a restore');
  const port = await listen(assembled.http, config.HOST, config.PORT);
  const url = addressOf(config, port);
  const stop = once(async () => {
    await assembled.close();
    process.exit(0);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The bootstrap's end is ours, however it died.
  process.on('disconnect', stop);
  process.on('unhandledRejection', (error) => {
    assembled.ctx.log.error({ err: error }, 'unhandled rejection');
  });
  process.send?.({
    type: 'ready',
    url,
    consoleUrl: `${url}/console/`,
    docsUrl: `${url}/docs`,
    ...(config.demo ? { demo: { ...DEMO_LOGINS, wx: { appid: DEMO_APP.appid } } } : {}),
  });
  assembled.ctx.log.info({ url, faces: [...config.faces] }, 'serving');
}

/** Development and demo speak to a local WeChat; production never does (platform/config.ts refuses it). */
async function withStandIns(config: Config): Promise<Config> {
  if (config.production || !config.demo || config.WECHAT_URL) return config;
  const { startWechatStandIn } = await import('../stand-ins/wechat.js');
  const { url } = await startWechatStandIn();
  return { ...config, WECHAT_URL: url };
}

function addressOf(config: Config, port: number): string {
  if (config.PUBLIC_URL) return config.PUBLIC_URL.replace(/\/$/, '');
  if (config.HOST !== '0.0.0.0') return `http://${config.HOST}:${String(port)}`;
  const lan = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find((entry) => entry.family === 'IPv4' && !entry.internal);
  return `http://${lan?.address ?? '127.0.0.1'}:${String(port)}`;
}

function once(act: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    act().catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  };
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ type: 'fatal', message });
  console.error(error instanceof ConfigError ? `Configuration:\n${message}` : error);
  process.exit(1);
});
