/** The left rail: every page that this person has. */
import type { ReactNode } from 'react';
import {
  BankOutlined,
  BarChartOutlined,
  CalendarOutlined,
  CoffeeOutlined,
  ControlOutlined,
  ExportOutlined,
  EyeOutlined,
  FileTextOutlined,
  FolderOpenOutlined,
  HeartOutlined,
  InboxOutlined,
  MessageOutlined,
  ScheduleOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useInbox, useMine } from '../live/inbox.js';
import { useQueue } from '../live/queue.js';
import { useOutbox } from '../live/dev-outbox.js';
import type { Me } from '../../../contract/user.js';
import { isAdmin, isCounselor, useMe } from '../state/session.js';
import { addressOf, useRoute, type PageName } from '../ui/route.js';
import { Logo } from './logo.js';

interface Entry {
  name: PageName;
  icon: ReactNode;
  /** For whom; left out = everybody. */
  shows?: (me: Me) => boolean;
}
const isStaffOfAll = (me: Me) => !isCounselor(me);

const ENTRIES: Entry[] = [
  { name: 'workbench', icon: <MessageOutlined />, shows: isCounselor },
  { name: 'queue', icon: <TeamOutlined /> },
  { name: 'supervision', icon: <EyeOutlined />, shows: isStaffOfAll },
  { name: 'risk', icon: <HeartOutlined /> },
  { name: 'care', icon: <CoffeeOutlined /> },
  { name: 'roster', icon: <CalendarOutlined /> },
  { name: 'calendar', icon: <ScheduleOutlined /> },
  { name: 'records', icon: <FileTextOutlined /> },
  { name: 'exports', icon: <ExportOutlined /> },
  { name: 'orders', icon: <ShoppingOutlined />, shows: isCounselor },
  { name: 'cases', icon: <FolderOpenOutlined />, shows: isCounselor },
  { name: 'reports', icon: <BarChartOutlined /> },
  { name: 'staff', icon: <UserOutlined />, shows: isStaffOfAll },
  { name: 'policies', icon: <ControlOutlined />, shows: isAdmin },
  { name: 'replies', icon: <ThunderboltOutlined /> },
  { name: 'house', icon: <BankOutlined />, shows: isAdmin },
  { name: 'outbox', icon: <InboxOutlined /> },
  { name: 'settings', icon: <SettingOutlined /> },
];

/** The pages that somebody has. */
export const pagesOf = (me: Me): PageName[] =>
  ENTRIES.filter(({ shows }) => shows?.(me) !== false).map(({ name }) => name);

/** How many wait for a look, per entry. */
function useCounts(): Partial<Record<PageName, number>> {
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
  // The outbox exists in demo and development only.
  const shown = ENTRIES.filter(
    ({ name, shows }) => shows?.(me) !== false && (name !== 'outbox' || outbox.data !== undefined),
  );
  const current = route.page ?? (isCounselor(me) ? 'workbench' : 'records');
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <span className="rail-logo">
        <Logo size={32} />
      </span>
      {shown.map((entry) => {
        const label = t(`nav.${entry.name}`);
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
