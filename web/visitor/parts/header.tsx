/** The top bar of every screen: where one is, help in an emergency, and a way out that leaves no trace. */
import type { ReactNode } from 'react';
import { forgetEverything } from '../device.js';
import { client, endInPassing } from '../hotline.js';
import { t } from '../text.js';
import { EmergencyButton } from './emergency.js';
import { Icon } from './icons.js';

/** Nothing here may wait: the page is replaced in the same tick, and Back does not bring it up again. */
function leaveAtOnce() {
  try {
    endInPassing();
    client.clear();
    forgetEverything();
  } finally {
    document.documentElement.replaceChildren();
    location.replace('/visit/blank.html');
  }
}

interface Props {
  title: ReactNode;
  /** The screen has no heading of its own. */
  heading?: boolean;
  onBack?: () => void;
}

export const Header = ({ title, heading = false, onBack }: Props) => (
  <header className="top">
    {onBack !== undefined && (
      <button
        type="button"
        className="icon-button"
        aria-label={t('back')}
        data-testid="back"
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
    )}
    {heading ? <h1 className="top-title">{title}</h1> : <div className="top-title">{title}</div>}
    <EmergencyButton />
    <button type="button" className="pill" data-testid="quick-exit" onClick={leaveAtOnce}>
      <Icon name="leave" />
      {t('quickExit')}
    </button>
  </header>
);
