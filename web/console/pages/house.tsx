/** 机构: the audit log, keeping and erasing, the consent text, where events go, the
 * platform's own state, and Tencent IM. */
import type { ReactNode } from 'react';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Audit } from '../house/audit.js';
import { ConsentTexts } from '../house/consent-texts.js';
import { HealthTab } from '../house/health.js';
import { Retention } from '../house/retention.js';
import { Tencent } from '../house/tencent.js';
import { Webhooks } from '../house/webhooks.js';
import { useMe } from '../state/session.js';
import { PageFrame } from './page-frame.js';

export default function HousePage() {
  const { t } = useTranslation();
  const me = useMe();
  const tab = (key: string, label: string, children: ReactNode) => ({
    key,
    label: <span data-testid={`tab-${key}`}>{label}</span>,
    children,
  });
  return (
    <PageFrame title={t('nav.house')} hint={t('audit.hint')}>
      <Tabs
        destroyOnHidden
        items={[
          tab('audit', t('audit.title'), <Audit />),
          tab('retention', t('retention.title'), <Retention />),
          tab('consent', t('consentText.title'), <ConsentTexts />),
          tab('webhooks', t('webhook.title'), <Webhooks />),
          tab('health', t('health.title'), <HealthTab />),
          ...(me.type === 'SYSTEM_ADMINISTRATOR' ? [tab('tencent', t('tencent.title'), <Tencent />)] : []),
        ]}
      />
    </PageFrame>
  );
}
