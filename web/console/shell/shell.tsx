/** Behind the log-in: rail, top bar, banner, and the page that the address names. */
import { Suspense, lazy, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveProvider } from '../live/context.js';
import { useCareNews } from '../care/news.js';
import { useDutyRunner } from '../live/duty.js';
import { useInboxRunner } from '../live/inbox.js';
import { useQueueWatch } from '../live/queue.js';
import { useWaitingAlert } from '../live/waiting-alert.js';
import { isAdmin, isCounselor, useMe } from '../state/session.js';
import { setTitle } from '../ui/badge.js';
import { useRoute } from '../ui/route.js';
import { unlockSound } from '../ui/sound.js';
import { RowSkeletons } from '../ui/states.js';
import { Workbench } from '../workbench/workbench.js';
import { ConnectionBanner } from './banner.js';
import { Incoming } from './incoming.js';
import { Rail } from './rail.js';
import { ShellKeys } from './shell-keys.js';
import { TimNotice } from './tim-notice.js';
import { TopBar } from './top-bar.js';

// Pages that not everybody opens first come when they are asked for.
const QueuePage = lazy(() => import('../pages/queue.js'));
const RosterPage = lazy(() => import('../pages/roster.js'));
const RecordsPage = lazy(() => import('../pages/records.js'));
const CalendarPage = lazy(() => import('../pages/calendar.js'));
const OrdersPage = lazy(() => import('../pages/orders.js'));
const CasesPage = lazy(() => import('../pages/cases.js'));
const OutboxPage = lazy(() => import('../pages/outbox.js'));
const SupervisionPage = lazy(() => import('../pages/supervision.js'));
const RiskPage = lazy(() => import('../pages/risk.js'));
const CarePage = lazy(() => import('../pages/care.js'));
const ExportsPage = lazy(() => import('../pages/exports.js'));
const ReportsPage = lazy(() => import('../pages/reports.js'));
const StaffPage = lazy(() => import('../pages/staff.js'));
const PoliciesPage = lazy(() => import('../pages/policies.js'));
const HousePage = lazy(() => import('../pages/house.js'));
const RepliesPage = lazy(() => import('../pages/replies.js'));
const SettingsPage = lazy(() => import('../pages/settings.js'));

function Page() {
  const me = useMe();
  const { t } = useTranslation();
  const route = useRoute();
  // Only counselors hold conversations; the others begin with what they came for.
  const page = route.page ?? (isCounselor(me) ? 'workbench' : 'records');
  useEffect(() => {
    setTitle(`${t(`nav.${page}`)} · ${t('product')}`);
  }, [page, t]);
  if (page === 'workbench' && isCounselor(me)) return <Workbench conversationId={route.conversationId} />;
  return (
    <Suspense fallback={<RowSkeletons />}>
      {page === 'queue' && <QueuePage />}
      {page === 'supervision' && <SupervisionPage conversationId={route.conversationId} />}
      {page === 'risk' && <RiskPage caseId={route.conversationId} />}
      {page === 'care' && <CarePage />}
      {page === 'roster' && <RosterPage />}
      {page === 'exports' && <ExportsPage />}
      {page === 'reports' && <ReportsPage />}
      {page === 'staff' && !isCounselor(me) && <StaffPage />}
      {page === 'policies' && isAdmin(me) && <PoliciesPage />}
      {page === 'house' && isAdmin(me) && <HousePage />}
      {page === 'replies' && <RepliesPage />}
      {page === 'calendar' && <CalendarPage />}
      {page === 'orders' && isCounselor(me) && <OrdersPage />}
      {page === 'cases' && isCounselor(me) && <CasesPage />}
      {page === 'outbox' && <OutboxPage />}
      {page === 'settings' && <SettingsPage />}
      {(page === 'records' || page === 'workbench') && <RecordsPage conversationId={route.conversationId} />}
    </Suspense>
  );
}

function Frame() {
  const { t } = useTranslation();
  const me = useMe();
  useInboxRunner();
  useDutyRunner();
  useQueueWatch();
  useCareNews();
  useWaitingAlert();
  useEffect(() => {
    addEventListener('pointerdown', unlockSound, { once: true });
    addEventListener('keydown', unlockSound, { once: true });
    return () => {
      removeEventListener('pointerdown', unlockSound);
      removeEventListener('keydown', unlockSound);
    };
  }, []);
  return (
    <div className="shell" data-testid="console">
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          // The hash is our address: move the focus, not the page.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('keys.skip')}
      </a>
      <Rail />
      <div className="shell-body">
        <TopBar />
        <ConnectionBanner />
        <TimNotice />
        {isCounselor(me) && <Incoming />}
        <main id="main" tabIndex={-1}>
          <Page />
        </main>
      </div>
      <ShellKeys />
    </div>
  );
}

export default function Shell() {
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  );
}
