/** The left rail. What a later part builds is shown and switched off, so that nobody searches for it. */
import type { ReactNode } from 'react';
import {
  BarChartOutlined,
  CalendarOutlined,
  EyeOutlined,
  FileTextOutlined,
  FolderOpenOutlined,
  InboxOutlined,
  MessageOutlined,
  ScheduleOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useInbox, useMine } from '../live/inbox.js';
import { useQueue } from '../live/queue.js';
import { useOutbox } from '../live/dev-outbox.js';
import { isCounselor, useMe } from '../state/session.js';
import { addressOf, useRoute, type PageName } from '../ui/route.js';
import { Logo } from './logo.js';

type Entry =
  | { name: PageName; icon: ReactNode; later?: false }
  | { name: 'supervision' | 'reports'; icon: ReactNode; later: true };

const ENTRIES: Entry[] = [
  { name: 'workbench', icon: <MessageOutlined /> },
  { name: 'queue', icon: <TeamOutlined /> },
  { name: 'supervision', icon: <EyeOutlined />, later: true },
  { name: 'roster', icon: <CalendarOutlined /> },
  { name: 'calendar', icon: <ScheduleOutlined /> },
  { name: 'records', icon: <FileTextOutlined /> },
  { name: 'orders', icon: <ShoppingOutlined /> },
  { name: 'cases', icon: <FolderOpenOutlined /> },
  { name: 'reports', icon: <BarChartOutlined />, later: true },
  { name: 'outbox', icon: <InboxOutlined /> },
  { name: 'settings', icon: <SettingOutlined /> },
];

/** How many wait for a look, per entry. */
function useCounts(): Partial<Record<Entry['name'], number>> {
  const mine = useMine();
  const unread = useInbox((state) => state.unread);
  const { queue } = useQueue();
  return {
    workbench: mine.reduce((sum, { id }) => sum + (unread[id] ?? 0), 0),
    queue: queue?.waiting.length ?? 0,
  };
}

export function Rail() {
  const { t } = useTranslation();
  const me = useMe();
  const route = useRoute();
  const counts = useCounts();
  const outbox = useOutbox();
  const shows = (name: Entry['name']) => {
    if (name === 'workbench' || name === 'orders' || name === 'cases') return isCounselor(me);
    return name !== 'outbox' || outbox.data !== undefined;
  };
  const current = route.page ?? (isCounselor(me) ? 'workbench' : 'records');
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <span className="rail-logo">
        <Logo size={32} />
      </span>
      {ENTRIES.filter(({ name }) => shows(name)).map((entry) => {
        const label = t(`nav.${entry.name}`);
        if (entry.later) {
          return (
            <Tooltip key={entry.name} title={t('common.later')} placement="right">
              <span
                className="rail-item is-later"
                aria-disabled="true"
                role="link"
                data-testid={`nav-${entry.name}`}
              >
                {entry.icon}
                <span>{label}</span>
              </span>
            </Tooltip>
          );
        }
        const count = counts[entry.name] ?? 0;
        return (
          <a
            key={entry.name}
            className="rail-item"
            href={addressOf(entry.name)}
            aria-current={current === entry.name ? 'page' : undefined}
            data-testid={`nav-${entry.name}`}
          >
            {entry.icon}
            <span>{label}</span>
            {count > 0 && <b className={`rail-count is-${entry.name}`}>{count > 99 ? '99+' : count}</b>}
          </a>
        );
      })}
    </nav>
  );
}
