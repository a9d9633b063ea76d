/** Ctrl/Cmd+K: every action that is possible now, each with its key. */
import { useMemo, useState, type KeyboardEvent } from 'react';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { GROUPS, printed, useRegistry, type Action, type Keys } from './registry.js';

export function KeyCaps({ keys }: { keys: Keys }) {
  return (
    <span className="keycaps">
      {printed(keys).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}

function PaletteBody({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const scopes = useRegistry((state) => state.scopes);
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const found = useMemo(() => {
    const words = query.trim().toLowerCase();
    return Object.values(scopes)
      .flat()
      .filter((action) => !action.disabled && action.title.toLowerCase().includes(words))
      .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
  }, [scopes, query]);
  const active = Math.min(index, found.length - 1);

  const run = (action: Action | undefined) => {
    if (!action) return;
    close();
    action.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'ArrowDown') setIndex((active + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setIndex((active - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[active]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="palette">
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[active] ? `palette-${found[active].id}` : undefined}
        aria-label={t('keys.search')}
        placeholder={t('keys.search')}
        value={query}
        data-testid="palette-input"
        onChange={(event) => {
          setQuery(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="palette-list" role="listbox" aria-label={t('keys.palette')} className="palette-list">
        {found.map((action, at) => (
          <div
            key={action.id}
            id={`palette-${action.id}`}
            role="option"
            aria-selected={at === active}
            data-testid={`action-${action.id}`}
            className="palette-row"
            ref={(row) => {
              if (at === active) row?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={() => {
              run(action);
            }}
            onMouseMove={() => {
              setIndex(at);
            }}
          >
            <span className="palette-group">{t(`keys.group.${action.group}`)}</span>
            <span className="palette-title">{action.title}</span>
            {action.keys && <KeyCaps keys={action.keys} />}
          </div>
        ))}
        {found.length === 0 && <p className="state-hint palette-nothing">{t('keys.nothing')}</p>}
      </div>
    </div>
  );
}

export function CommandPalette({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      destroyOnHidden
      width={560}
      style={{ top: 96 }}
      title={<span className="visually-hidden">{t('keys.palette')}</span>}
      className="palette-modal"
    >
      <PaletteBody close={close} />
    </Modal>
  );
}
