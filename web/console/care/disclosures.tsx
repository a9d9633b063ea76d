/** What was told outside of the hotline: whom, why, whether the visitor knows; signed by a second person. */
import { useState } from 'react';
import { Button, Checkbox, Form, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { DISCLOSED_TO, type DisclosedTo } from '../../../contract/enums.js';
import type { Disclosure } from '../../../contract/risk.js';
import { isAdmin, isCounselor, useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { serverNow } from '../ui/now.js';
import { Picker } from '../ui/picker.js';
import { dateTime } from '../ui/time.js';
import { useStep } from './step.js';

interface Values {
  to: DisclosedTo;
  whom: string;
  reason: string;
  visitorTold: boolean;
  untold?: string;
}

function Write({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const told = Form.useWatch('visitorTold', form);
  const step = useStep(close);
  const required = [{ required: true, whitespace: true, message: t('risk.required') }];
  return (
    <FormModal<Values>
      title={t('risk.disclose')}
      okTestId="disclosure-save"
      busy={step.isPending}
      close={close}
      form={form}
      initialValues={{ visitorTold: true }}
      onFinish={({ untold, ...values }) => {
        step.mutate({
          path: `risk-cases/${id}/disclosures`,
          body: { ...values, ...(values.visitorTold ? {} : { untold }) },
          told: t('risk.disclosed'),
        });
      }}
    >
      <Form.Item
        name="to"
        label={t('risk.to.label')}
        rules={[{ required: true, message: t('risk.required') }]}
      >
        <Picker
          label={t('risk.to.label')}
          data-testid="disclosure-to"
          options={DISCLOSED_TO.map((value) => ({ value, label: t(`risk.to.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="whom" label={t('risk.whom')} rules={required}>
        <Input maxLength={200} autoComplete="off" data-testid="disclosure-whom" />
      </Form.Item>
      <Form.Item name="reason" label={t('risk.reason')} rules={required}>
        <Input.TextArea rows={3} maxLength={4_000} data-testid="disclosure-reason" />
      </Form.Item>
      <Form.Item name="visitorTold" valuePropName="checked">
        <Checkbox>{t('risk.visitorTold')}</Checkbox>
      </Form.Item>
      {!told && (
        <Form.Item name="untold" label={t('risk.untold')} rules={required}>
          <Input.TextArea rows={2} maxLength={1_000} />
        </Form.Item>
      )}
    </FormModal>
  );
}

function One({ row }: { row: Disclosure }) {
  const { t } = useTranslation();
  const me = useMe();
  const step = useStep();
  const maySign = row.signedBy === null && row.by !== me.id && !isCounselor(me);
  return (
    <li className="disclosure" data-testid="disclosure">
      <p>
        <b>{t(`risk.to.${row.to}`)}</b> {row.whom} · {dateTime(row.time, serverNow())}{' '}
        <Tag color={row.signedBy === null ? 'warning' : 'success'}>
          {t(row.signedBy === null ? 'risk.unsigned' : 'risk.countersigned')}
        </Tag>
      </p>
      <p className="words">{row.reason}</p>
      {!row.visitorTold && row.untold !== null && (
        <p className="words">
          {t('risk.untold')}：{row.untold}
        </p>
      )}
      {maySign && (
        <Button
          size="small"
          loading={step.isPending}
          data-testid="disclosure-sign"
          onClick={() => {
            step.mutate({ path: `disclosures/${row.id}/sign`, told: t('risk.countersigned') });
          }}
        >
          {t('risk.countersign')}
        </Button>
      )}
    </li>
  );
}

export function Disclosures({ id, rows }: { id: string; rows: readonly Disclosure[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const [writing, setWriting] = useState(false);
  return (
    <section>
      <h4>{t('risk.disclosures')}</h4>
      {rows.length === 0 && <p className="state-hint is-plain">{t('risk.noDisclosures')}</p>}
      <ul className="calls-made">
        {rows.map((row) => (
          <One key={row.id} row={row} />
        ))}
      </ul>
      {!isAdmin(me) && (
        <Button
          size="small"
          data-testid="disclose"
          onClick={() => {
            setWriting(true);
          }}
        >
          {t('risk.disclose')}
        </Button>
      )}
      {writing && (
        <Write
          id={id}
          close={() => {
            setWriting(false);
          }}
        />
      )}
    </section>
  );
}
