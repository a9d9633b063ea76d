import { useStore } from '../../shared/store.js';
import { openWith, readHours, session } from '../hotline.js';
import { CrisisLines } from '../parts/emergency.js';
import { Header } from '../parts/header.js';
import { Icon } from '../parts/icons.js';
import { clock, day } from '../parts/format.js';
import { useLoad } from '../parts/load.js';
import { Face, nameOf } from '../parts/person.js';
import { Problem } from '../parts/problem.js';
import { go } from '../route.js';
import { t } from '../text.js';
import { useDuty } from './duty.js';
import { LeaveMessage } from './leave-message.js';
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

function Hours() {
  const { value: hours } = useLoad('hours', readHours);
  if (hours === null) {
    return null;
  }
  const { open, opensAt, closesAt } = hours;
  const words = open
    ? closesAt === null
      ? t('openAlways')
      : t('openUntil', { time: clock(closesAt) })
    : opensAt === null
      ? t('closedNow')
      : t('closedUntil', { time: `${day(opensAt)} ${clock(opensAt)}` });
  return (
    <li className={open ? 'open' : 'closed'} data-testid="hours">
      {words}
    </li>
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
        <Problem text={error} />
        <ul className="facts">
          <Hours />
          <li>{t('free')}</li>
          <li>{t('confidential')}</li>
          {minutes > 0 && <li>{t('textLimit', { minutes })}</li>}
        </ul>
        <LeaveMessage />
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
        <button
          type="button"
          className="button quiet"
          data-testid="see-return"
          onClick={() => {
            go('/return');
          }}
        >
          <Icon name="next" />
          {t('codeEnter')}
        </button>
      </main>
      {sheet}
    </div>
  );
}
