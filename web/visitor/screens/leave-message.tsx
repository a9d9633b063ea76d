/** A few words for later, while nobody is there; the crisis lines stand on the same page. */
import { useRef, useState } from 'react';
import type { OwnOfflineMessage } from '../../../contract/offline-message.js';
import { newId } from '../device.js';
import { api, readHours } from '../hotline.js';
import { Field } from '../parts/field.js';
import { useLoad } from '../parts/load.js';
import { Problem } from '../parts/problem.js';
import { t } from '../text.js';
import { useStart } from './start.js';

const MOST = 1_000;
const PATH = '/api/v1/me/offline-messages';
const STATES = { OPEN: 'leftOpen', TAKEN: 'leftTaken', DONE: 'leftDone' } as const;

export function LeaveMessage() {
  const { value: hours } = useLoad('hours', readHours);
  const { value: left, load } = useLoad(PATH, () => api.get<OwnOfflineMessage[]>(PATH));
  const [text, setText] = useState('');
  const [contact, setContact] = useState('');
  // The same until it is answered: sent twice it is one message.
  const id = useRef(newId());
  const { start, busy, error, sheet } = useStart();
  const last = left?.[0];
  if (hours?.leaveMessage !== true) {
    return null;
  }
  return (
    <section className="card" aria-labelledby="leave-message" data-testid="leave-message">
      <h2 className="card-title" id="leave-message">
        {t('leaveTitle')}
      </h2>
      <p className="soft">{t('leaveHint')}</p>
      {last !== undefined && (
        <p role="status" data-testid="leave-state">
          {t(STATES[last.state])}
        </p>
      )}
      <form
        className="return-form"
        onSubmit={(event) => {
          event.preventDefault();
          start(async () => {
            await api.post(PATH, {
              ...{ clientMsgId: id.current, text: text.trim() },
              ...(contact.trim() === '' ? {} : { contact: contact.trim() }),
            });
            id.current = newId();
            setText('');
            setContact('');
            load();
          });
        }}
      >
        <Field label={t('leaveText')} name="leave-text" value={text} max={MOST} rows={4} onChange={setText} />
        <Field
          label={t('leaveContact')}
          name="leave-contact"
          value={contact}
          max={100}
          onChange={setContact}
        />
        <Problem text={error} />
        <button
          type="submit"
          className="button"
          data-testid="leave-send"
          disabled={busy || text.trim() === ''}
        >
          {t('leaveSend')}
        </button>
      </form>
      {sheet}
    </section>
  );
}
