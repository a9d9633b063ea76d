/** The top bar: how I stand (presence, seats), how the line stands, how the page looks and sounds, who I am. */
import {
  BulbOutlined,
  LogoutOutlined,
  QuestionCircleOutlined,
  SettingOutlined,
  SoundOutlined,
  MutedOutlined,
  UserOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import { App, Button, Dropdown, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { logOut } from '../api/session.js';
import { allActions } from '../keys/registry.js';
import { usePreferences, type ThemeChoice } from '../state/preferences.js';
import { isCounselor, useMe } from '../state/session.js';
import { go } from '../ui/route.js';
import { ConnectionPill } from './banner.js';
import { PresenceSwitch } from './presence.js';
import { SeatsControl } from './seats.js';

export const THEMES: ThemeChoice[] = ['light', 'dark', 'system'];

const run = (id: string) => {
  allActions()
    .find((action) => action.id === id)
    ?.run();
};

function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, set } = usePreferences();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [theme],
        items: THEMES.map((key) => ({
          key,
          label: <span data-testid={`theme-${key}`}>{t(`theme.${key}`)}</span>,
        })),
        onClick: ({ key }) => {
          set({ theme: key as ThemeChoice });
        },
      }}
    >
      <Button type="text" icon={<BulbOutlined />} aria-label={t('theme.label')} data-testid="theme-switch" />
    </Dropdown>
  );
}

function SoundSwitch() {
  const { t } = useTranslation();
  const { muted, set } = usePreferences();
  const label = muted ? t('sound.off') : t('sound.on');
  return (
    <Tooltip title={label}>
      <Button
        type="text"
        icon={muted ? <MutedOutlined /> : <SoundOutlined />}
        aria-label={t('sound.mute')}
        aria-pressed={muted}
        data-testid="sound-switch"
        onClick={() => {
          set({ muted: !muted });
        }}
      />
    </Tooltip>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const leaveNow = () => {
    logOut().catch(() => message.error(t('user.logoutFailed')));
  };
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          {
            key: 'who',
            disabled: true,
            label: (
              <span className="user-card">
                <b>{me.name ?? me.username}</b>
                <span>
                  {t(`role.${me.type}`)} · {me.institutionCode}
                </span>
              </span>
            ),
          },
          { type: 'divider' },
          { key: 'settings', icon: <SettingOutlined />, label: t('nav.settings') },
          {
            key: 'logout',
            icon: <LogoutOutlined />,
            label: <span data-testid="logout">{t('user.logout')}</span>,
          },
        ],
        onClick: ({ key }) => {
          if (key === 'settings') go('settings');
          if (key === 'logout') leaveNow();
        },
      }}
    >
      <Button
        type="text"
        icon={<UserOutlined />}
        aria-label={`${me.name ?? me.username} · ${t('user.menu')}`}
        data-testid="user-menu"
      >
        <span className="only-wide">{me.name ?? me.username}</span>
      </Button>
    </Dropdown>
  );
}

export function TopBar() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <header className="top-bar">
      {isCounselor(me) ? (
        <div className="top-bar-duty">
          <PresenceSwitch />
          <SeatsControl />
        </div>
      ) : (
        <strong className="top-bar-title">
          {t('product')} <span>{t(`role.${me.type}`)}</span>
        </strong>
      )}
      <div className="top-bar-tools">
        <ConnectionPill />
        <Tooltip title={`${t('keys.palette')} (Ctrl+K)`}>
          <Button
            className="only-wide"
            type="text"
            icon={<ThunderboltOutlined />}
            aria-label={t('keys.palette')}
            data-testid="palette-open"
            onClick={() => {
              run('view.palette');
            }}
          />
        </Tooltip>
        <SoundSwitch />
        <ThemeSwitch />
        <Button
          className="only-wide"
          type="text"
          icon={<QuestionCircleOutlined />}
          aria-label={t('keys.sheet')}
          data-testid="keys-open"
          onClick={() => {
            run('view.keys');
          }}
        />
        <UserMenu />
      </div>
    </header>
  );
}
