/** The subpackage: tim-js-sdk and what the pages of the web do with it. */
import '../lib/polyfills.js';

export { carry } from '../../web/shared/tim/carrier.js';
export { timStore } from '../../web/shared/tim/state.js';
