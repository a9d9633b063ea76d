/** 关怀: what each counselor carries, the supervision that they were given, and the reviews of their sessions. */
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { LoadList } from '../care/load.js';
import { ReviewList } from '../care/reviews.js';
import { SupervisionLog } from '../care/supervision-log.js';
import { PageFrame } from './page-frame.js';

export default function CarePage() {
  const { t } = useTranslation();
  const tab = (key: string, label: string, children: React.ReactNode) => ({
    key,
    label: <span data-testid={`tab-${key}`}>{label}</span>,
    children,
  });
  return (
    <PageFrame title={t('nav.care')} hint={t('load.hint')}>
      <Tabs
        destroyOnHidden
        items={[
          tab('load', t('load.title'), <LoadList />),
          tab('log', t('log.title'), <SupervisionLog />),
          tab('reviews', t('review.title'), <ReviewList />),
        ]}
      />
    </PageFrame>
  );
}
