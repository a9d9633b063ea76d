import { useStore } from '../../shared/store.js';
import { openWith, session } from '../hotline.js';
import { CrisisLines } from '../parts/emergency.js';
import { Header } from '../parts/header.js';
import { Icon } from '../parts/icons.js';
import { Face, nameOf } from '../parts/person.js';
import { go } from '../route.js';
import { t } from '../text.js';
import { useDuty } from './duty.js';
import { useStart } from './start.js';

const SHOWN = 4;

function DutyCard() {
  const rows = useDuty();
  if (rows?.length === 0) {
    return (
      <section className="card" aria-label={t('onDuty')}>
        <p className="soft">{t('nobodyOnDuty')}</p>
      </section>
    );
  }
  const online = rows?.filter((row) => row.state === 'online').length ?? 0;
  return (
    <section className="card duty" aria-label={t('onDuty')} data-testid="duty">
      <button
        type="button"
        className="card-head"
        data-testid="see-counselors"
        onClick={() => {
          go('/counselors');
        }}
      >
        <span>
          <strong>{t('onDuty')}</strong>
          <small>{rows === null ? '…' : t('onDutyCount', { online, all: rows.length })}</small>
        </span>
        <span className="more">
          {t('chooseCounselor')}
          <Icon name="next" />
        </span>
      </button>
      <ul className="faces">
        {rows?.slice(0, SHOWN).map((row) => (
          <li key={row.user.id}>
            <Face person={row.user} />
            <span className="face-name">{nameOf(row.user)}</span>
            <span className={`state ${row.state}`}>{t(row.state)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Home() {
  const config = useStore(session, (state) => state.config);
  const { start, busy, error, sheet } = useStart();
  const minutes = Math.round((config?.limits.text ?? 0) / 60_000);
  return (
    <div className="screen">
      <Header title={config?.institution.name ?? t('appName')} />
      <main className="page home" data-testid="home">
        <div className="hero">
          <span className="breath" aria-hidden="true">
            <Icon name="heart" filled />
          </span>
          <h1>{t('homeTitle')}</h1>
          <p className="soft">{t('homeIntro')}</p>
        </div>
        <button
          type="button"
          className="button primary huge"
          data-testid="start"
          disabled={busy}
          onClick={() => {
            start(() => openWith());
          }}
        >
          {t('start')}
          <small>{t('startHint')}</small>
        </button>
        {error !== '' && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <ul className="facts">
          <li>{t('free')}</li>
          <li>{t('confidential')}</li>
          {minutes > 0 && <li>{t('textLimit', { minutes })}</li>}
        </ul>
        <DutyCard />
        <section className="card" aria-labelledby="crisis">
          <h2 className="card-title" id="crisis">
            {t('crisisTitle')}
          </h2>
          <CrisisLines />
        </section>
        <button
          type="button"
          className="button quiet"
          data-testid="see-bookings"
          onClick={() => {
            go('/bookings');
          }}
        >
          <Icon name="list" />
          {t('bookings')}
        </button>
        <button
          type="button"
          className="button quiet"
          data-testid="see-history"
          onClick={() => {
            go('/history');
          }}
        >
          <Icon name="list" />
          {t('history')}
        </button>
      </main>
      {sheet}
    </div>
  );
}
