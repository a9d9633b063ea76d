import { useState } from 'react';
import type { DutyRow } from '../../../contract/arrange.js';
import { Icon } from '../parts/icons.js';
import { Face, nameOf, State } from '../parts/person.js';
import { Sheet } from '../parts/sheet.js';
import { Screen } from '../parts/screen.js';
import { openWith } from '../hotline.js';
import { t } from '../text.js';
import { isFree, useDuty } from './duty.js';
import { useStart } from './start.js';

function Standing({ row }: { row: DutyRow }) {
  return (
    <span className="standing">
      <State state={row.state} />
      {isFree(row) && row.waiting === 0 ? (
        <span className="free">{t('freeNow')}</span>
      ) : (
        row.waiting > 0 && <span>{t('waitingCount', { count: row.waiting })}</span>
      )}
    </span>
  );
}

function CounselorSheet(props: { row: DutyRow; busy: boolean; onClose: () => void; onAsk: () => void }) {
  const { user, state } = props.row;
  const name = nameOf(user);
  const facts = [
    [t('department'), user.department],
    [t('qualification'), user.qualification],
  ].filter(([, value]) => value !== null && value !== '');
  return (
    <Sheet
      title={name}
      testId="counselor-sheet"
      onClose={props.onClose}
      footer={
        <button
          type="button"
          className="button primary"
          data-testid="ask-counselor"
          disabled={props.busy}
          onClick={props.onAsk}
        >
          {t('askFor', { name })}
        </button>
      }
    >
      <div className="person">
        <Face person={user} large />
        <div>
          {user.title !== null && user.title !== '' && <div className="person-title">{user.title}</div>}
          <Standing row={props.row} />
        </div>
      </div>
      {facts.length > 0 && (
        <dl className="facts-list">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {state === 'offline' || state === 'away' ? (
        <p className="note">{t('askForOffline', { name })}</p>
      ) : (
        !isFree(props.row) && <p className="note">{t('askForFull', { name })}</p>
      )}
    </Sheet>
  );
}

export function Counselors() {
  const rows = useDuty();
  const [chosen, setChosen] = useState<DutyRow | null>(null);
  const { start, busy, error, sheet } = useStart();
  return (
    <Screen title={t('chooseCounselor')} testId="counselors" error={error}>
      {rows?.length === 0 && <p className="empty">{t('counselorsEmpty')}</p>}
      <ul className="counselors">
        {rows?.map((row) => (
          <li key={row.user.id}>
            <button
              type="button"
              className="card counselor"
              data-testid="counselor"
              data-id={row.user.id}
              onClick={() => {
                setChosen(row);
              }}
            >
              <Face person={row.user} />
              <span className="counselor-words">
                <strong>{nameOf(row.user)}</strong>
                <small>{[row.user.title, row.user.department].filter(Boolean).join(' · ')}</small>
                <Standing row={row} />
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <CounselorSheet
          row={chosen}
          busy={busy}
          onClose={() => {
            setChosen(null);
          }}
          onAsk={() => {
            setChosen(null);
            start(() => openWith(chosen.user.id));
          }}
        />
      )}
      {sheet}
    </Screen>
  );
}
