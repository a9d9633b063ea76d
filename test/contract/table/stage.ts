/** The hotline that the contract tests run against: one node without workers, so that nothing happens by itself. */
import { startWechatStandIn } from '../../../stand-ins/wechat.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { APPID, makeScene, type Scene } from './scene.js';

export interface Stage {
  hotline: Hotline;
  url: string;
  scene: Scene;
  /** Rejections that nobody handled since the start. */
  unhandled: unknown[];
  stop(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const wechat = await startWechatStandIn(0, { [APPID]: 'demo-secret' });
  const hotline = await startHotline({
    env: {
      FACES: 'server',
      WECHAT_URL: wechat.url,
      DEMO: '1',
      CODES_PER_ADDRESS: '100000',
      GUEST_PER_HOUR: '100000',
      LOGIN_FAILURES: '100000',
    },
  });
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  return {
    hotline,
    url: hotline.node.url,
    scene: await makeScene(hotline.node.ctx),
    unhandled,
    async stop() {
      process.off('unhandledRejection', note);
      await hotline.stop();
      await wechat.close();
    },
  };
}
