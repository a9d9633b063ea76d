/** Which screen: an open conversation comes before everything, else the hash decides. */
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useStore } from '../shared/store.js';
import { client, openConversation, session } from './hotline.js';
import { Header } from './parts/header.js';
import { CrisisLines } from './parts/emergency.js';
import { goInstead, useRoute } from './route.js';
import { ConversationScreen } from './screens/conversation.js';
import { Counselors } from './screens/counselors.js';
import { Ended } from './screens/ended.js';
import { History } from './screens/history.js';
import { Home } from './screens/home.js';
import { ReturnScreen } from './screens/return-code.js';
import { Transcript } from './screens/transcript.js';
import { t } from './text.js';

const Appointments = lazy(() => import('./booking/index.js'));
const Erase = lazy(() => import('./erase/index.js'));

/** Nothing to show yet, or nothing that we may show; help is in reach all the same. */
const Standstill = ({ title, text }: { title: string; text: string }) => (
  <div className="screen">
    <Header title={t('appName')} />
    <main className="page" data-testid="standstill">
      <h1 className="page-title">{title}</h1>
      {text !== '' && <p className="soft">{text}</p>}
      <section className="card">
        <h2 className="card-title">{t('crisisTitle')}</h2>
        <CrisisLines />
      </section>
    </main>
  </div>
);

const Starting = () => (
  <div className="screen">
    <Header title={t('appName')} />
    <main className="page starting" role="status" data-testid="starting">
      <span className="breath small" aria-hidden="true" />
      {t('starting')}
    </main>
  </div>
);

export function App() {
  const { phase, reason } = useStore(session, (state) => state);
  const open = useStore(client, openConversation);
  const [name, argument] = useRoute();
  const openId = open?.id;
  const current = useRef<string | undefined>(undefined);

  useEffect(() => {
    // The conversation that was on the screen is over: on to its end, without a way back into it.
    const ended = openId === undefined ? current.current : undefined;
    current.current = openId;
    if (ended !== undefined && client.getState().conversations[ended] !== undefined) {
      goInstead(`/end/${ended}`);
    }
    if (openId !== undefined && name !== 'home') {
      goInstead('/');
    }
  }, [openId, name]);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [name, argument]);

  if (phase === 'starting') {
    return <Starting />;
  }
  if (phase === 'unreachable') {
    return <Standstill title={t('unreachable')} text={t('unreachableHint')} />;
  }
  if (phase === 'refused') {
    return <Standstill title={t('refused')} text={reason} />;
  }
  if (open !== undefined) {
    return <ConversationScreen view={open} />;
  }
  if (name === 'counselors') {
    return <Counselors />;
  }
  if (name === 'history' && argument !== undefined) {
    return <Transcript id={argument} />;
  }
  if (name === 'history') {
    return <History />;
  }
  if (name === 'bookings' || name === 'book') {
    return (
      <Suspense fallback={<Starting />}>
        <Appointments name={name} argument={argument} />
      </Suspense>
    );
  }
  if (name === 'erase') {
    return (
      <Suspense fallback={<Starting />}>
        <Erase />
      </Suspense>
    );
  }
  if (name === 'return') {
    return <ReturnScreen />;
  }
  if (name === 'end' && argument !== undefined) {
    return <Ended id={argument} />;
  }
  return <Home />;
}
