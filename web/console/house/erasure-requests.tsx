/** Visitors who ask to be erased, the longest waiting first: an admin accepts, or refuses and says why. */
import { useState } from 'react';
import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ErasureRequest, SettleErasure } from '../../../contract/erasure-request.js';
import { FormModal } from '../ui/form-modal.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useHouseList, useHouseStep, useWhose } from './api.js';

const REFUSALS = [
  'MUST_KEEP',
  'IN_CARE',
  'UNSURE_WHO',
  'AGREED',
] as const satisfies readonly SettleErasure['reason'][];
const SIZE = 20;

type Decision = Pick<SettleErasure, 'reference' | 'reason'> & { decision: 'accept' | 'refuse' };

function Settle({ request, close }: { request: ErasureRequest; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Decision>();
  const decision = (Form.useWatch('decision', form) as Decision['decision'] | undefined) ?? 'accept';
  const step = useHouseStep<ErasureRequest>(close);
  const required = [{ required: true, whitespace: true, message: t('review.required') }];
  return (
    <FormModal<Decision>
      title={t('retention.settleTitle')}
      okText={t(`retention.${decision}`)}
      danger={decision === 'accept'}
      okTestId="settle-confirm"
      busy={step.isPending}
      close={close}
      form={form}
      initialValues={{ decision: 'accept', reference: '' }}
      onFinish={({ reference, reason }) => {
        const accept = decision === 'accept';
        step.mutate({
          path: `erasure-requests/${request.id}/settle`,
          body: { accept, reference, ...(accept ? {} : { reason }) },
          told: t(accept ? 'retention.erasing' : 'retention.refused'),
        });
      }}
    >
      {decision === 'accept' && <Alert showIcon type="error" title={t('retention.eraseHint')} />}
      <Form.Item name="decision" label={t('retention.decision')}>
        <Segmented
          aria-label={t('retention.decision')}
          options={[
            { value: 'accept', label: t('retention.accept') },
            { value: 'refuse', label: t('retention.refuse') },
          ]}
        />
      </Form.Item>
      {decision === 'refuse' && (
        <Form.Item name="reason" label={t('retention.refusal')} rules={required}>
          <Select
            data-testid="settle-reason"
            options={REFUSALS.map((value) => ({ value, label: t(`retention.refusalOf.${value}`) }))}
          />
        </Form.Item>
      )}
      <Form.Item name="reference" label={t('retention.reference')} rules={required}>
        <Input maxLength={100} data-testid="settle-reference" />
      </Form.Item>
    </FormModal>
  );
}

export function ErasureRequests() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const [settling, setSettling] = useState<ErasureRequest | null>(null);
  const list = useHouseList<ErasureRequest>('erasure-requests', {
    ...useWhose(),
    state: 'ASKED',
    page,
    size: SIZE,
  });
  return (
    <>
      <PagedTable<ErasureRequest>
        query={list}
        failed={t('retention.failed')}
        empty={{
          icon: <DeleteOutlined />,
          title: t('retention.noRequest'),
          hint: t('retention.since15'),
        }}
        rowKey="id"
        columns={[
          { title: t('retention.visitor'), render: (_, row) => row.name ?? t('common.none') },
          { title: t('retention.id'), dataIndex: 'id' },
          { title: t('retention.asked'), render: (_, row) => dateTime(row.askedTime, now) },
          {
            key: 'steps',
            render: (_, row) => (
              <Button
                size="small"
                data-testid="settle-open"
                onClick={() => {
                  setSettling(row);
                }}
              >
                {t('retention.settle')}
              </Button>
            ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
      {settling !== null && (
        <Settle
          request={settling}
          close={() => {
            setSettling(null);
          }}
        />
      )}
    </>
  );
}
