import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { startI18n } from './locales/index.js';
import { usePreferences } from './state/preferences.js';
import './styles/index.css';

const root = document.getElementById('root');
if (root) {
  await startI18n(usePreferences.getState().language);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
