/** `?`: the keys on one sheet, read from the same registry that obeys them. */
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { GROUPS, useRegistry } from './registry.js';
import { KeyCaps } from './palette.js';

function SheetBody() {
  const { t } = useTranslation();
  const scopes = useRegistry((state) => state.scopes);
  const actions = Object.values(scopes)
    .flat()
    .filter((action) => action.keys);
  return (
    <div className="sheet" data-testid="key-sheet">
      {GROUPS.map((group) => {
        const rows = actions.filter((action) => action.group === group);
        if (rows.length === 0) return null;
        return (
          <section key={group}>
            <h3>{t(`keys.group.${group}`)}</h3>
            <dl>
              {rows.map((action) => (
                <div key={action.id}>
                  <dt>{action.title}</dt>
                  <dd>{action.keys && <KeyCaps keys={action.keys} />}</dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
      <p className="state-hint">{t('keys.sheetHint')}</p>
    </div>
  );
}

export function KeySheet({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={close} footer={null} destroyOnHidden width={520} title={t('keys.title')}>
      <SheetBody />
    </Modal>
  );
}
