/** The return code: shown to whoever waits, typed in on another device or after the browser was cleared. */
import { useState } from 'react';
import type { ReturnCode } from '../../../contract/matchmaking.js';
import { api, returnBy } from '../hotline.js';
import { day } from '../parts/format.js';
import { Field } from '../parts/field.js';
import { useAction } from '../parts/load.js';
import { Problem } from '../parts/problem.js';
import { Screen } from '../parts/screen.js';
import { Sheet } from '../parts/sheet.js';
import { t } from '../text.js';

/** Without the clipboard (plain http, an app's own browser) the code is there to be written down. */
const copy = async (code: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    return false;
  }
};

export function ReturnCodeButton() {
  const [held, setHeld] = useState<ReturnCode | null>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const { busy, error, run } = useAction();
  const close = () => {
    setHeld(null);
    setCopied(null);
  };
  return (
    <>
      <button
        type="button"
        className="button small"
        data-testid="code-get"
        disabled={busy}
        onClick={() =>
          void run(async () => {
            setHeld(await api.post<ReturnCode>('/api/v1/me/return-code', {}));
          })
        }
      >
        {t('codeGet')}
      </button>
      <Problem text={error} />
      {held !== null && (
        <Sheet
          title={t('codeTitle')}
          testId="code-sheet"
          onClose={close}
          footer={
            <button
              type="button"
              className="button primary"
              data-testid="code-copy"
              onClick={() => void copy(held.code).then(setCopied)}
            >
              {t('codeCopy')}
            </button>
          }
        >
          <output className="return-code" data-testid="code">
            {held.code}
          </output>
          <p className="soft">{t('codeHint', { date: day(held.until) })}</p>
          <p role="status">{copied === null ? '' : t(copied ? 'codeCopied' : 'codeNotCopied')}</p>
        </Sheet>
      )}
    </>
  );
}

export function ReturnScreen() {
  const [code, setCode] = useState('');
  const { busy, error, run } = useAction();
  return (
    <Screen title={t('codeEnter')} testId="return">
      <form
        className="card return-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run(() => returnBy(code));
        }}
      >
        <Field label={t('codeLabel')} name="return-code" value={code} max={32} code onChange={setCode} />
        <Problem text={error} />
        <button
          type="submit"
          className="button primary"
          data-testid="return-send"
          disabled={busy || code.trim() === ''}
        >
          {t('codeSend')}
        </button>
      </form>
      <p className="faint">{t('codeWarn')}</p>
    </Screen>
  );
}
