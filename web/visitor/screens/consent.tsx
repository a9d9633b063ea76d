import { useState } from 'react';
import { useStore } from '../../shared/store.js';
import { RichText } from '../../shared/rich-text.js';
import { session } from '../hotline.js';
import { Sheet } from '../parts/sheet.js';
import { t } from '../text.js';

export function ConsentSheet(props: {
  busy: boolean;
  onClose: () => void;
  onAgree: (choice: { research: boolean; name: string }) => void;
}) {
  const config = useStore(session, (state) => state.config);
  const [research, setResearch] = useState(false);
  const [name, setName] = useState('');
  return (
    <Sheet
      title={t('consentTitle')}
      testId="consent"
      onClose={props.onClose}
      footer={
        <>
          <button type="button" className="button" data-testid="consent-decline" onClick={props.onClose}>
            {t('consentDecline')}
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="consent-agree"
            disabled={props.busy}
            onClick={() => {
              props.onAgree({ research, name: name.trim() });
            }}
          >
            {t('consentAgree')}
          </button>
        </>
      }
    >
      <div className="consent-text" role="region" aria-label={t('consentRegion')} tabIndex={0}>
        <RichText nodes={config?.information ?? []} />
        <p className="faint">{t('consentVersion', { version: config?.consent.version ?? '' })}</p>
      </div>
      <label className="field">
        <span>{t('consentName')}</span>
        <input
          type="text"
          maxLength={32}
          value={name}
          placeholder={t('consentNameHint')}
          autoComplete="off"
          data-testid="consent-name"
          onInput={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={research}
          data-testid="consent-research"
          onChange={(event) => {
            setResearch(event.currentTarget.checked);
          }}
        />
        <span>
          {t('consentResearch')}
          <small>{t('consentResearchHint')}</small>
        </span>
      </label>
    </Sheet>
  );
}
