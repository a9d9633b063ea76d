/** #/erase: what goes and what stays, asking for it, where it stands, taking it back. A chunk of its own. */
import { useState } from 'react';
import type { OwnErasureRequest } from '../../../contract/erasure-request.js';
import { Screen } from '../parts/screen.js';
import { api } from '../hotline.js';
import { clock, day } from '../parts/format.js';
import { useAction, useLoad } from '../parts/load.js';
import { Confirm } from '../parts/sheet.js';
import { Problem } from '../parts/problem.js';
import { t } from './text.js';

const PATH = '/api/v1/me/erasure-request';
const GOES = ['goesTalks', 'goesRecords', 'goesYou'] as const;
const STAYS = ['staysCounts', 'staysReceipt', 'staysBookings', 'staysLaw'] as const;
const at = (time: number) => `${day(time)} ${clock(time)}`;

function Part({ title, items, text }: { title: string; items: readonly string[]; text?: string }) {
  return (
    <section className="card">
      <h2 className="card-title">{title}</h2>
      <ul className="soft">
        {items.map((item) => (
          <li key={item}>· {item}</li>
        ))}
      </ul>
      {text !== undefined && <p className="soft">{text}</p>}
    </section>
  );
}

function Standing({ request }: { request: OwnErasureRequest }) {
  const { state, askedTime, settledTime, reason, reference } = request;
  if (state === 'ASKED') {
    return <p>{t('asked', { time: at(askedTime ?? 0) })}</p>;
  }
  return (
    <>
      <p>{t('refused', { time: at(settledTime ?? 0) })}</p>
      {reason !== null && <p>{t(reason)}</p>}
      <p className="soft">{t('refusedReference', { reference: reference ?? '' })}</p>
    </>
  );
}

export default function Erase() {
  const { value: request, error, load } = useLoad(PATH, () => api.get<OwnErasureRequest>(PATH));
  const { busy, error: refusal, run } = useAction();
  const [asking, setAsking] = useState(false);
  const state = request?.state;
  const then = (step: () => Promise<unknown>) =>
    void run(async () => {
      await step();
      load();
      // Where it stands is said at the top.
      window.scrollTo(0, 0);
    });
  return (
    <Screen title={t('title')} testId="erase" error={error} retry={load}>
      <div role="status" data-testid="erase-state">
        {request !== null && (state === 'ASKED' || state === 'REFUSED') && (
          <div className="card">
            <Standing request={request} />
          </div>
        )}
      </div>
      <p className="soft">{t('intro')}</p>
      <Part title={t('goes')} items={GOES.map((name) => t(name))} text={t('goesHow')} />
      <Part title={t('stays')} items={STAYS.map((name) => t(name))} />
      <Part title={t('time')} items={[t('timeText'), t('after')]} />
      <Problem text={refusal} />
      {state === 'ASKED' && (
        <button
          type="button"
          className="button"
          data-testid="erase-withdraw"
          disabled={busy}
          onClick={() => {
            then(() => api.delete(PATH));
          }}
        >
          {t('withdraw')}
        </button>
      )}
      {(state === 'NONE' || state === 'REFUSED') && (
        <button
          type="button"
          className="button"
          data-testid="erase-ask"
          disabled={busy}
          onClick={() => {
            setAsking(true);
          }}
        >
          {t(state === 'NONE' ? 'ask' : 'askAgain')}
        </button>
      )}
      {asking && (
        <Confirm
          title={t('askTitle')}
          text={t('askText')}
          confirm={t('askYes')}
          cancel={t('askNo')}
          testId="erase-confirm"
          onCancel={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            setAsking(false);
            then(() => api.post(PATH, {}));
          }}
        />
      )}
    </Screen>
  );
}
