/** Empty, failed, loading: the three states every list has, said the same way everywhere. */
import type { ReactNode } from 'react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from './problem.js';

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  hint?: string | undefined;
  action?: ReactNode;
}

export function EmptyState({ icon, title, hint, action }: EmptyProps) {
  return (
    <div className="state" data-testid="empty-state">
      {icon && (
        <div className="state-icon" aria-hidden="true">
          {icon}
        </div>
      )}
      <p className="state-title">{title}</p>
      {hint && <p className="state-hint">{hint}</p>}
      {action}
    </div>
  );
}

export function FailedState({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="state" role="alert" data-testid="failed-state">
      <p className="state-title">{title}</p>
      <p className="state-hint">{sentenceOf(error)}</p>
      <Button size="small" onClick={retry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

/** Grey shapes where the rows will be; plain elements, since dozens of them stand on the page at once. */
export function RowSkeletons({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="skeletons" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div className="skeleton-row" key={index} style={{ opacity: 1 - index * 0.12 }}>
          <span className="skeleton-dot" />
          <span className="skeleton-lines">
            <i style={{ width: `${String(38 + ((index * 17) % 30))}%` }} />
            <i style={{ width: `${String(60 + ((index * 23) % 35))}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
