/** The mini-program: signs in once, follows foreground, background and network. */
import './lib/polyfills.js';
import { begin } from './lib/hotline.js';
import { followNetwork, onHide, onShow } from './lib/life.js';

App({
  onLaunch() {
    followNetwork();
    void begin();
  },
  onShow,
  onHide,
});
