/** 机构: the audit log, keeping and erasing, the consent text, where events go, the
 * platform's own state, and Tencent IM. */
import { Fragment, useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InstitutionRow } from '../../../contract/institution.js';
import { get } from '../api/http.js';
import { HOUSE, WhoseProvider } from '../house/api.js';
import { Audit } from '../house/audit.js';
import { ConsentTexts } from '../house/consent-texts.js';
import { HealthTab } from '../house/health.js';
import { Retention } from '../house/retention.js';
import { Tencent } from '../house/tencent.js';
import { Webhooks } from '../house/webhooks.js';
import { useMe } from '../state/session.js';
import { Picker } from '../ui/picker.js';
import { PageFrame } from './page-frame.js';

/** For who looks after all institutions. */
function WhichHouse({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const { t } = useTranslation();
  const list = useQuery({
    queryKey: [HOUSE, 'institutions'],
    queryFn: ({ signal }) => get<InstitutionRow[]>('/api/v1/institutions', undefined, signal),
  });
  return (
    <Picker
      className="which-house"
      label={t('audit.institution')}
      data-testid="which-house"
      loading={list.isPending}
      value={value}
      options={(list.data ?? [{ code: value, name: null }]).map(({ code, name }) => ({
        value: code,
        label: name ?? code,
      }))}
      onChange={onChange}
    />
  );
}

export default function HousePage() {
  const { t } = useTranslation();
  const me = useMe();
  const isSystem = me.type === 'SYSTEM_ADMINISTRATOR';
  const [code, setCode] = useState(me.institutionCode);
  const tab = (key: string, label: string, children: ReactNode) => ({
    key,
    label: <span data-testid={`tab-${key}`}>{label}</span>,
    // Another house begins anew: nothing that was typed for one is sent to the other.
    children: <Fragment key={code}>{children}</Fragment>,
  });
  return (
    <PageFrame
      title={t('nav.house')}
      hint={t('audit.hint')}
      {...(isSystem && { tools: <WhichHouse value={code} onChange={setCode} /> })}
    >
      <WhoseProvider value={isSystem ? { institution: code } : {}}>
        <Tabs
          destroyOnHidden
          items={[
            tab('audit', t('audit.title'), <Audit />),
            tab('retention', t('retention.title'), <Retention />),
            tab('consent', t('consentText.title'), <ConsentTexts />),
            tab('webhooks', t('webhook.title'), <Webhooks />),
            tab('health', t('health.title'), <HealthTab />),
            ...(isSystem ? [tab('tencent', t('tencent.title'), <Tencent />)] : []),
          ]}
        />
      </WhoseProvider>
    </PageFrame>
  );
}
