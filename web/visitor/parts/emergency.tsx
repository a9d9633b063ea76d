/** Crisis lines, one tap away in every state. The numbers are in the bundle too, so the card works off line. */
import { useState } from 'react';
import { useStore } from '../../shared/store.js';
import { session } from '../hotline.js';
import { t } from '../text.js';
import { Icon } from './icons.js';
import { Dialog } from './dialog.js';

const BUILT_IN = [
  { name: t('linesMental'), phone: '12356', note: '' },
  { name: t('linesPolice'), phone: '110', note: '' },
  { name: t('linesAmbulance'), phone: '120', note: '' },
];

export function CrisisLines() {
  const config = useStore(session, (state) => state.config);
  const lines = config === null || config.emergency.length === 0 ? BUILT_IN : config.emergency;
  return (
    <ul className="lines">
      {lines.map(({ name, phone, note }) => (
        <li key={phone}>
          <a href={`tel:${phone}`} data-testid={`call-${phone}`}>
            <span className="hidden">{t('call')}</span>
            <span className="line-icon">
              <Icon name="phone" />
            </span>
            <span className="line-words">
              <span className="line-name">{name}</span>
              {note !== '' && <span className="line-note">{note}</span>}
            </span>
            <strong className="line-phone">{phone}</strong>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function EmergencyButton({ testId }: { testId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="pill danger"
        data-testid={testId}
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true);
        }}
      >
        <Icon name="phone" />
        {t('emergency')}
      </button>
      {open && (
        <Dialog
          title={t('crisisTitle')}
          testId="emergency-card"
          onClose={() => {
            setOpen(false);
          }}
        >
          <p className="soft">{t('crisisHint')}</p>
          <CrisisLines />
        </Dialog>
      )}
    </>
  );
}
