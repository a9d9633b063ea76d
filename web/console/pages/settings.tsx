/** What a person sets for this browser. */
import { App, Button, Segmented, Slider, Switch } from 'antd';
import { SoundOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, type Language } from '../locales/index.js';
import { THEMES } from '../shell/top-bar.js';
import { usePreferences } from '../state/preferences.js';
import { useMe } from '../state/session.js';
import { allowDesktop, hasDesktop, tellDesktop } from '../ui/desktop.js';
import { testTone, useSoundBlocked } from '../ui/sound.js';
import { PageFrame } from './page-frame.js';

const LANGUAGES: Language[] = ['zh-CN', 'en'];

export default function SettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const { theme, language, muted, volume, desktop, scope, set } = usePreferences();
  const blocked = useSoundBlocked((state) => state.blocked);
  return (
    <PageFrame title={t('settings.title')} hint={t('settings.stored')}>
      <div className="settings">
        <section aria-label={t('settings.look')}>
          <h2>{t('settings.look')}</h2>
          <div className="setting">
            <span>{t('theme.label')}</span>
            <Segmented
              value={theme}
              aria-label={t('theme.label')}
              options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
              onChange={(value) => {
                set({ theme: value });
              }}
            />
          </div>
          <div className="setting">
            <span>{t('language.label')}</span>
            <Segmented
              value={language}
              aria-label={t('language.label')}
              options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
              onChange={(value) => void chooseLanguage(value)}
            />
          </div>
        </section>
        <section aria-label={t('settings.sounds')}>
          <h2>{t('settings.sounds')}</h2>
          <p className="state-hint">{blocked ? t('sound.blocked') : t('sound.hint')}</p>
          <div className="setting">
            <span id="mute-label">{t('sound.mute')}</span>
            <Switch
              checked={muted}
              aria-labelledby="mute-label"
              data-testid="mute"
              onChange={(next) => {
                set({ muted: next });
              }}
            />
          </div>
          <div className="setting">
            <span id="volume-label">{t('sound.volume')}</span>
            <Slider
              className="volume"
              ariaLabelledByForHandle="volume-label"
              min={0}
              max={100}
              value={Math.round(volume * 100)}
              onChange={(value) => {
                set({ volume: value / 100 });
              }}
            />
          </div>
          <div className="setting">
            <span>{t('sound.test')}</span>
            <span className="setting-buttons">
              <Button
                icon={<SoundOutlined />}
                data-testid="test-assigned"
                onClick={() => {
                  testTone('assigned');
                }}
              >
                {t('sound.testAssigned')}
              </Button>
              <Button
                icon={<SoundOutlined />}
                data-testid="test-message"
                onClick={() => {
                  testTone('message');
                }}
              >
                {t('sound.testMessage')}
              </Button>
              <Button
                icon={<SoundOutlined />}
                onClick={() => {
                  testTone('waiting');
                }}
              >
                {t('sound.testWaiting')}
              </Button>
            </span>
          </div>
          <div className="setting">
            <span>{t('sound.scope')}</span>
            <Segmented
              value={scope}
              aria-label={t('sound.scope')}
              data-testid="alert-scope"
              options={(['mine', 'queue'] as const).map((value) => ({ value, label: t(`sound.${value}`) }))}
              onChange={(value) => {
                set({ scope: value });
              }}
            />
          </div>
          <div className="setting">
            <span id="desktop-label">{t('sound.desktop')}</span>
            {hasDesktop ? (
              <span className="setting-buttons">
                <Switch
                  checked={desktop}
                  aria-labelledby="desktop-label"
                  data-testid="desktop-notices"
                  onChange={(next) => {
                    if (!next) set({ desktop: false });
                    else
                      void allowDesktop().then((allowed) => {
                        set({ desktop: allowed });
                        if (!allowed) void message.warning(t('sound.desktopRefused'), 6);
                      });
                  }}
                />
                <Button
                  disabled={!desktop}
                  data-testid="desktop-test"
                  onClick={() => {
                    tellDesktop('assigned', true);
                  }}
                >
                  {t('sound.desktopTest')}
                </Button>
              </span>
            ) : (
              <small>{t('sound.desktopNone')}</small>
            )}
          </div>
        </section>
        <section aria-label={t('settings.account')}>
          <h2>{t('settings.account')}</h2>
          <dl className="facts">
            {(
              [
                [t('settings.name'), me.name ?? t('common.none')],
                [t('settings.username'), me.username],
                [t('settings.role'), t(`role.${me.type}`)],
                [t('settings.institution'), me.institutionCode],
              ] as const
            ).map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </PageFrame>
  );
}
