/** The list at the left: 我的 · 排队 · 全部 · 查找. */
import { useTranslation } from 'react-i18next';
import { useMine } from '../live/inbox.js';
import { useQueue } from '../live/queue.js';
import { HistoryTab } from './history-tab.js';
import { MineTab } from './mine-tab.js';
import { QueueTab } from './queue-tab.js';
import { SearchTab } from './search-tab.js';
import { showTab, TABS, useTab, type Tab } from './tab.js';

export function ConversationList({ selected }: { selected: string | null }) {
  const { t } = useTranslation();
  const { tab } = useTab();
  const counts: Partial<Record<Tab, number>> = {
    mine: useMine().length,
    queue: useQueue().queue?.waiting.length ?? 0,
  };
  return (
    <section className="list" aria-label={t('list.label')}>
      <div className="list-tabs" role="tablist" aria-label={t('list.label')}>
        {TABS.map((name, at) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="list-panel"
            tabIndex={tab === name ? 0 : -1}
            data-testid={`tab-${name}`}
            onClick={() => {
              showTab(name);
            }}
            onKeyDown={(event) => {
              const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              const next = TABS[(at + by + TABS.length) % TABS.length];
              if (by === 0 || next === undefined) return;
              showTab(next);
              document.getElementById(`tab-${next}`)?.focus();
            }}
          >
            {t(`list.${name}`)}
            {(counts[name] ?? 0) > 0 && <span className="tab-count">{counts[name]}</span>}
          </button>
        ))}
      </div>
      <div className="list-body" id="list-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'mine' && <MineTab selected={selected} />}
        {tab === 'queue' && <QueueTab />}
        {tab === 'history' && <HistoryTab selected={selected} />}
        {tab === 'search' && <SearchTab />}
      </div>
    </section>
  );
}
