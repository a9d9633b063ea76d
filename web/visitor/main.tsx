import { render } from 'preact/compat';
import { App } from './app.js';
import { cameBackAfterLeaving } from './device.js';
import { FilesContext } from '../shared/files.js';
import { begin, client, loadFile } from './hotline.js';
import { keepShell, watchForReady } from './phone.js';
import { locale } from './text.js';
import '../shared/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/screens.css';
import './styles/chat.css';
import '../shared/attachments.css';

/** iOS moves the page under its keyboard instead of shrinking it; the page follows what is really to be seen. */
function followViewport() {
  const view = window.visualViewport;
  if (view === null) {
    return;
  }
  const fit = () => {
    const style = document.documentElement.style;
    style.setProperty('--view-height', `${String(view.height)}px`);
    style.setProperty('--view-top', `${String(view.offsetTop)}px`);
    // With the keyboard up there is no home bar to keep clear of.
    document.documentElement.classList.toggle('keyboard', window.innerHeight - view.height > 120);
  };
  view.addEventListener('resize', fit);
  view.addEventListener('scroll', fit);
  fit();
}

if (cameBackAfterLeaving()) {
  location.replace('/visit/blank.html');
} else {
  document.documentElement.lang = locale;
  followViewport();
  const root = document.getElementById('app');
  if (root !== null) {
    root.replaceChildren();
    render(
      <FilesContext.Provider value={loadFile}>
        <App />
      </FilesContext.Provider>,
      root,
    );
  }
  void begin().then(keepShell);
  watchForReady();
  addEventListener('online', client.wake);
  addEventListener('pageshow', client.wake);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      client.wake();
    }
  });
}
