/** How soon somebody who waits must be served: a word, never a color alone. */
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Urgency } from '../../../contract/enums.js';

export function UrgencyTag({ urgency }: { urgency: Urgency }) {
  const { t } = useTranslation();
  if (urgency !== 'moderate' && urgency !== 'high') return null;
  return (
    <Tag color={urgency === 'high' ? 'error' : 'warning'} data-testid={`urgency-${urgency}`}>
      {t(`queuePage.urgency.${urgency}`)}
    </Tag>
  );
}
