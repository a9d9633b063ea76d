/** Providers, and the gate: log-in in front, the shell behind. */
import { Component, Suspense, lazy, useEffect, useMemo, useState, type ReactNode } from 'react';
import { App as AntApp, Button, ConfigProvider, Spin } from 'antd';
import zhCNKit from 'antd/locale/zh_CN';
import { QueryClientProvider } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { checkSession } from './api/session.js';
import { queryClient } from './api/query-client.js';
import { LoginPage } from './pages/login.js';
import { usePreferences } from './state/preferences.js';
import { useSession } from './state/session.js';
import { showTheme } from './theme.js';
import { useMedia } from './ui/media.js';

const Shell = lazy(() => import('./shell/shell.js'));
type KitLocale = typeof zhCNKit;

function useTheme() {
  const choice = usePreferences((state) => state.theme);
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  const name = choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;
  // Not an effect: the kit reads the colours that the page has once the theme is on.
  return useMemo(() => showTheme(name), [name]);
}

/** The kit's own words; English ones are fetched for those who chose English. */
function useKitLocale(): KitLocale {
  const { i18n } = useTranslation();
  const [english, setEnglish] = useState<KitLocale | null>(null);
  const wantsEnglish = i18n.language === 'en';
  useEffect(() => {
    if (wantsEnglish) void import('antd/locale/en_US').then((module) => setEnglish(module.default));
  }, [wantsEnglish]);
  return wantsEnglish && english ? english : zhCNKit;
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <div className="full-state" role="status" aria-label={t('login.checking')}>
      <Spin size="large" />
    </div>
  );
}

function Unreachable() {
  const { t } = useTranslation();
  return (
    <main className="full-state" data-testid="unreachable">
      <h1>{t('login.unreachable')}</h1>
      <p>{t('login.unreachableHelp')}</p>
      <Button type="primary" onClick={() => void checkSession()}>
        {t('common.retry')}
      </Button>
    </main>
  );
}

function Gate() {
  const session = useSession((store) => store.session);
  useEffect(() => {
    void checkSession();
  }, []);
  if (session.phase === 'checking') return <Waiting />;
  if (session.phase === 'unreachable') return <Unreachable />;
  if (session.phase === 'out') return <LoginPage reason={session.reason} />;
  return (
    <Suspense fallback={<Waiting />}>
      <Shell key={session.me.id} />
    </Suspense>
  );
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <main className="full-state" role="alert">
      <h1>{t('error.crashed')}</h1>
      <p>{t('error.crashedHelp')}</p>
      <Button
        type="primary"
        onClick={() => {
          location.reload();
        }}
      >
        {t('error.reload')}
      </Button>
    </main>
  );
}

/** A class because React offers no other way to catch what a render throws. */
class CrashGuard extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };
  static getDerivedStateFromError() {
    return { crashed: true };
  }
  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

export function App() {
  const theme = useTheme();
  const locale = useKitLocale();
  return (
    <ConfigProvider locale={locale} theme={theme} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queryClient}>
        <AntApp component={false}>
          <CrashGuard>
            <Gate />
          </CrashGuard>
        </AntApp>
      </QueryClientProvider>
    </ConfigProvider>
  );
}
