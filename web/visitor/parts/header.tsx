/** The top bar of every screen: where one is, help in an emergency, and a way out that leaves no trace. */
import type { ReactNode } from 'react';
import { t } from '../text.js';
import { Help } from './help.js';
import { Icon } from './icons.js';

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
    <Help />
  </header>
);
