/** 事件推送: where an institution's events are sent, the secret that is told once, and what never arrived. */
import { useState } from 'react';
import { ApiOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input, Modal, Popconfirm, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { CONVERSATION_EVENTS } from '../../../contract/enums.js';
import type { DeadEvent, Webhook, WebhookEvent, WebhookSecret } from '../../../contract/webhook.js';
import { FormModal } from '../ui/form-modal.js';
import { useNow } from '../ui/now.js';
import { Picker } from '../ui/picker.js';
import { PagedTable, QueryTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useHouse, useHouseList, useHouseStep, useWhose } from './api.js';

const EVENTS: WebhookEvent[] = [
  ...CONVERSATION_EVENTS.map((event) => `conversation.${event}` as const),
  'conversation.rated',
];
const SIZE = 20;

/** Events in words; one that has none yet is shown as it is sent. */
function useEventName(): (event: string) => string {
  const { t } = useTranslation();
  const names: Record<string, string> = t('webhook.name', { returnObjects: true });
  return (event) => names[event.replace('.', '_')] ?? event;
}

function Add({ close, told }: { close: () => void; told: (secret: WebhookSecret) => void }) {
  const { t } = useTranslation();
  const nameOf = useEventName();
  const step = useHouseStep<WebhookSecret>((secret) => {
    close();
    told(secret);
  });
  const whose = useWhose();
  const required = [{ required: true, message: t('review.required') }];
  return (
    <FormModal<Pick<Webhook, 'url' | 'events'>>
      title={t('webhook.add')}
      okTestId="webhook-save"
      busy={step.isPending}
      close={close}
      initialValues={{ url: '', events: EVENTS }}
      onFinish={(values) => {
        step.mutate({ path: 'webhooks', body: { ...whose, ...values } });
      }}
    >
      <Form.Item name="url" label={t('webhook.url')} rules={required}>
        <Input placeholder="https://" maxLength={500} data-testid="webhook-url" />
      </Form.Item>
      <Form.Item name="events" label={t('webhook.events')} rules={required}>
        <Picker<string[]>
          mode="multiple"
          label={t('webhook.events')}
          options={EVENTS.map((value) => ({ value, label: nameOf(value) }))}
        />
      </Form.Item>
    </FormModal>
  );
}

/** The only time that the secret is shown. */
function Secret({ secret, close }: { secret: string; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t('webhook.secret')}
      footer={<Button onClick={close}>{t('webhook.kept')}</Button>}
      onCancel={close}
    >
      <Alert type="warning" showIcon title={t('webhook.once')} />
      <Typography.Paragraph copyable data-testid="webhook-secret">
        {secret}
      </Typography.Paragraph>
    </Modal>
  );
}

function Undelivered({ hook, close }: { hook: Webhook; close: () => void }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const nameOf = useEventName();
  const [page, setPage] = useState(1);
  const list = useHouseList<DeadEvent>(`webhooks/${hook.id}/dead-letters`, { page, size: SIZE });
  const step = useHouseStep();
  return (
    <Modal open width={760} title={t('webhook.undelivered')} footer={null} onCancel={close}>
      <PagedTable<DeadEvent>
        query={list}
        failed={t('webhook.failed')}
        empty={{ title: t('webhook.noneDead') }}
        rowKey="id"
        columns={[
          { title: t('webhook.time'), render: (_, row) => dateTime(row.time, now) },
          { title: t('webhook.event'), render: (_, row) => nameOf(row.type) },
          { title: t('webhook.attempts'), dataIndex: 'attempts' },
          { title: t('webhook.error'), render: (_, row) => row.error ?? t('common.none') },
          {
            key: 'steps',
            render: (_, row) => (
              <Button
                size="small"
                onClick={() => {
                  step.mutate({
                    path: `webhooks/${hook.id}/dead-letters/${row.id}/replay`,
                    told: t('webhook.replayed'),
                  });
                }}
              >
                {t('webhook.replay')}
              </Button>
            ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
    </Modal>
  );
}

export function Webhooks() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const nameOf = useEventName();
  const list = useHouse<Webhook[]>('webhooks', useWhose());
  const [open, setOpen] = useState<Webhook | 'new' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setOpen(null);
  };
  const told = (made: WebhookSecret) => {
    setSecret(made.secret);
  };
  const rotate = useHouseStep<WebhookSecret>(told);
  const remove = useHouseStep();
  return (
    <>
      <div className="filters">
        <Button
          type="primary"
          icon={<PlusOutlined />}
          data-testid="webhook-add"
          onClick={() => {
            setOpen('new');
          }}
        >
          {t('webhook.add')}
        </Button>
      </div>
      <QueryTable<Webhook>
        query={list}
        failed={t('webhook.failed')}
        empty={{ icon: <ApiOutlined />, title: t('webhook.none'), hint: t('webhook.noneHint') }}
        rowKey="id"
        columns={[
          { title: t('webhook.url'), dataIndex: 'url' },
          {
            title: t('webhook.events'),
            render: (_, row) => (
              <span className="case-line event-tags">
                {row.events.map((event) => (
                  <Tag key={event} title={event}>
                    {nameOf(event)}
                  </Tag>
                ))}
              </span>
            ),
          },
          { title: t('webhook.since'), render: (_, row) => dateTime(row.createdTime, now) },
          {
            title: t('webhook.waiting'),
            render: (_, row) => <span title={row.lastError ?? undefined}>{row.waiting}</span>,
          },
          {
            title: t('webhook.dead'),
            render: (_, row) => (
              <Button
                type="link"
                size="small"
                danger={row.dead > 0}
                onClick={() => {
                  setOpen(row);
                }}
              >
                {row.dead}
              </Button>
            ),
          },
          {
            key: 'steps',
            fixed: 'right',
            render: (_, row) => (
              <span className="setting-buttons">
                <Popconfirm
                  title={t('webhook.rotateTitle')}
                  okText={t('webhook.rotate')}
                  cancelText={t('common.cancel')}
                  onConfirm={() => {
                    rotate.mutate({ path: `webhooks/${row.id}/rotate` });
                  }}
                >
                  <Button size="small">{t('webhook.rotate')}</Button>
                </Popconfirm>
                <Popconfirm
                  title={t('webhook.deleteTitle')}
                  okText={t('webhook.delete')}
                  cancelText={t('common.cancel')}
                  onConfirm={() => {
                    remove.mutate({
                      method: 'DELETE',
                      path: `webhooks/${row.id}`,
                      told: t('webhook.deleted'),
                    });
                  }}
                >
                  <Button size="small" danger>
                    {t('webhook.delete')}
                  </Button>
                </Popconfirm>
              </span>
            ),
          },
        ]}
        dataSource={list.data ?? []}
        pagination={false}
      />
      {open === 'new' && <Add close={close} told={told} />}
      {open !== null && open !== 'new' && <Undelivered hook={open} close={close} />}
      {secret !== null && (
        <Secret
          secret={secret}
          close={() => {
            setSecret(null);
          }}
        />
      )}
    </>
  );
}
