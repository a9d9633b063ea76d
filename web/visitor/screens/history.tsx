import { useEffect, useState } from 'react';
import type { Conversation } from '../../../contract/conversation.js';
import { useStore } from '../../shared/store.js';
import { client, ownConversations, session } from '../hotline.js';
import { clock, day } from '../parts/format.js';
import { Icon } from '../parts/icons.js';
import { Face, nameOf } from '../parts/person.js';
import { Screen } from '../parts/screen.js';
import { go } from '../route.js';
import { t } from '../text.js';

const Line = ({ row, label }: { row: Conversation; label: string }) => (
  <button
    type="button"
    className="card counselor"
    data-testid="history-row"
    data-id={row.id}
    onClick={() => {
      go(`/history/${row.id}`);
    }}
  >
    <Face person={row.counselor} />
    <span className="counselor-words">
      <strong>{row.counselor === null ? label : nameOf(row.counselor)}</strong>
      <small>
        {day(row.createdTime)} {clock(row.createdTime)}
        {row.duration !== null &&
          ` · ${t('minutesLong', { minutes: Math.max(1, Math.round(row.duration / 60)) })}`}
      </small>
      <span className="standing">
        {row.counselor !== null && <span>{label}</span>}
        {row.startTime !== null && (
          <span className={row.level === null ? '' : 'warm'}>
            {row.level === null ? t('unrated') : `★ ${t('ratedStars', { count: row.level })}`}
          </span>
        )}
      </span>
    </span>
    <Icon name="next" />
  </button>
);

export function History() {
  const labels = useStore(session, (state) => state.config?.conversationStatus ?? null);
  const [rows, setRows] = useState<Conversation[] | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    ownConversations().then(
      (answer) => {
        answer.forEach(client.adopt);
        setRows(answer);
      },
      () => {
        setFailed(true);
      },
    );
  };
  useEffect(load, []);
  return (
    <Screen title={t('historyTitle')} testId="history" error={failed ? t('loadFailed') : ''} retry={load}>
      {rows?.length === 0 && <p className="empty">{t('historyEmpty')}</p>}
      <ul className="counselors">
        {rows?.map((row) => (
          <li key={row.id}>
            <Line row={row} label={labels?.[row.status] ?? row.status} />
          </li>
        ))}
      </ul>
      {rows !== null && rows.length > 0 && <p className="faint centre">{t('historyHint')}</p>}
      <button
        type="button"
        className="button quiet"
        data-testid="see-erase"
        onClick={() => {
          go('/erase');
        }}
      >
        {t('eraseLink')}
      </button>
    </Screen>
  );
}
