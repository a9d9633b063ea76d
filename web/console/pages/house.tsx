/** 机构: the audit log, keeping and erasing, the consent text, where events go, the
 * platform's own state, and Tencent IM. */
import { Fragment, type ReactNode } from 'react';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { WhoseProvider } from '../house/api.js';
import { Audit } from '../house/audit.js';
import { ConsentTexts } from '../house/consent-texts.js';
import { HealthTab } from '../house/health.js';
import { Retention } from '../house/retention.js';
import { Tencent } from '../house/tencent.js';
import { Webhooks } from '../house/webhooks.js';
import { useChosenHouse } from '../house/which-house.js';
import { useMe } from '../state/session.js';
import { PageFrame } from './page-frame.js';

export default function HousePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { code, whose, tools } = useChosenHouse();
  const tab = (key: string, label: string, children: ReactNode) => ({
    key,
    label: <span data-testid={`tab-${key}`}>{label}</span>,
    // Another house begins anew: nothing that was typed for one is sent to the other.
    children: <Fragment key={code}>{children}</Fragment>,
  });
  return (
    <PageFrame title={t('nav.house')} hint={t('audit.hint')} {...tools}>
      <WhoseProvider value={whose}>
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
      </WhoseProvider>
    </PageFrame>
  );
}
