import type { Config } from '../../platform/config.js';

/** A mini-program that may sign visitors in. */
export interface WeChatApp {
  appid: string;
  secret: string;
  /** institutionCode of the visitors it registers. */
  institution: string;
}

/** Known to the stand-in; with it the demo's visitors sign in. */
export const DEMO_APP = { appid: 'wxdemo0000000000', secret: 'demo-secret' } as const;

/** The allow list: an appid that is not on it is refused. */
export function findWeChatApp(config: Config, appid: string): WeChatApp | null {
  const demo = config.demo ? [{ ...DEMO_APP, institution: config.DEFAULT_INSTITUTION }] : [];
  return [...config.wechatApps, ...demo].find((app) => app.appid === appid) ?? null;
}
