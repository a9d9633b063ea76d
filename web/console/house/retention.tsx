/** 保存与销毁: how long each class of records is kept, what was or will be erased, and what no purge may take. */
import { useState } from 'react';
import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input, InputNumber, Popconfirm, Segmented, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Erasure, ErasureAnswer, LegalHold, RetentionRules } from '../../../contract/retention.js';
import { FormModal } from '../ui/form-modal.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { useHouse, useHouseList, useHouseStep, useWhose } from './api.js';
import { ErasureRequests } from './erasure-requests.js';
import { Holds } from './holds.js';

const CLASSES = [
  'conversation',
  'deadLetter',
  'session',
  'exportTask',
] as const satisfies readonly (keyof RetentionRules)[];
const SIZE = 20;

function Rules({ stored }: { stored: RetentionRules }) {
  const { t } = useTranslation();
  const [changed, setChanged] = useState<Partial<RetentionRules>>({});
  const step = useHouseStep(() => {
    setChanged({});
  });
  const whose = useWhose();
  const now = { ...stored, ...changed };
  return (
    <div className="settings policies">
      {CLASSES.map((name) => {
        const { minDays, maxDays } = now[name];
        const set = (change: Partial<RetentionRules[typeof name]>) => {
          setChanged((before) => ({ ...before, [name]: { ...now[name], ...change } }));
        };
        const label = t(`retention.class.${name}`);
        return (
          <div key={name} className="setting">
            <span className="rule-name">{label}</span>
            <span className="setting-buttons">
              <InputNumber
                min={0}
                max={36_500}
                precision={0}
                value={minDays}
                prefix={t('retention.least')}
                suffix={t('retention.days')}
                aria-label={`${label}：${t('retention.least')}`}
                onChange={(value) => {
                  set({ minDays: value ?? 0 });
                }}
              />
              <InputNumber
                min={1}
                max={36_500}
                precision={0}
                value={maxDays}
                prefix={t('retention.most')}
                suffix={t('retention.days')}
                placeholder={t('retention.forever')}
                aria-label={`${label}：${t('retention.most')}`}
                data-testid={`retention-${name}`}
                onChange={(value) => {
                  set({ maxDays: value });
                }}
              />
            </span>
          </div>
        );
      })}
      <Popconfirm
        placement="topLeft"
        title={t('retention.saveTitle')}
        okText={t('common.save')}
        cancelText={t('common.cancel')}
        okButtonProps={{ 'data-testid': 'retention-confirm' }}
        onConfirm={() => {
          step.mutate({
            method: 'PUT',
            path: 'retention',
            body: { ...whose, ...changed },
            told: t('retention.saved'),
          });
        }}
      >
        <Button
          type="primary"
          disabled={Object.keys(changed).length === 0}
          loading={step.isPending}
          data-testid="retention-save"
        >
          {t('common.save')}
        </Button>
      </Popconfirm>
    </div>
  );
}

interface Whose {
  kind: 'conversation' | 'visitor';
  id: string;
  reference: string;
}

/** Names one session or one visitor, with the file number of the request or order. */
function WhoseForm({ what, close }: { what: 'erase' | 'hold'; close: () => void }) {
  const { t } = useTranslation();
  const step = useHouseStep<ErasureAnswer | LegalHold>(close);
  const required = [{ required: true, whitespace: true, message: t('review.required') }];
  return (
    <FormModal<Whose>
      title={t(`retention.${what}`)}
      okText={t(`retention.${what}`)}
      danger={what === 'erase'}
      okTestId="whose-confirm"
      busy={step.isPending}
      close={close}
      initialValues={{ kind: 'conversation', id: '', reference: '' }}
      onFinish={({ kind, id, reference }) => {
        step.mutate({
          path: what === 'erase' ? 'erasures' : 'legal-holds',
          body: { [kind]: id.trim(), reference },
          told: t(what === 'erase' ? 'retention.erasing' : 'retention.held'),
        });
      }}
    >
      <Alert
        showIcon
        type={what === 'erase' ? 'error' : 'info'}
        title={t(what === 'erase' ? 'retention.eraseHint' : 'retention.holdHint')}
      />
      <Form.Item name="kind" label={t('retention.whose')}>
        <Segmented
          aria-label={t('retention.whose')}
          options={[
            { value: 'conversation', label: t('retention.conversation') },
            { value: 'visitor', label: t('retention.visitor') },
          ]}
        />
      </Form.Item>
      <Form.Item name="id" label={t('retention.id')} rules={required}>
        <Input maxLength={64} data-testid="whose-id" />
      </Form.Item>
      <Form.Item name="reference" label={t('retention.reference')} rules={required}>
        <Input maxLength={100} data-testid="whose-reference" />
      </Form.Item>
    </FormModal>
  );
}

function Erasures() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const list = useHouseList<Erasure>('erasures', { ...useWhose(), page, size: SIZE });
  const step = useHouseStep();
  return (
    <PagedTable<Erasure>
      query={list}
      failed={t('retention.failed')}
      empty={{ icon: <DeleteOutlined />, title: t('retention.nothingErased') }}
      rowKey={(row) => `${row.conversation}${String(row.requestedTime)}`}
      columns={[
        { title: t('retention.conversation'), dataIndex: 'conversation' },
        { title: t('retention.why'), render: (_, row) => t(`retention.cause.${row.cause}`) },
        { title: t('retention.reference'), render: (_, row) => row.reference ?? t('common.none') },
        { title: t('retention.asked'), render: (_, row) => dateTime(row.requestedTime, now) },
        {
          title: t('retention.erased'),
          render: (_, row) =>
            row.erasedTime === null ? (
              <Tag>{t('retention.due', { time: dateTime(row.dueTime, now) })}</Tag>
            ) : (
              dateTime(row.erasedTime, now)
            ),
        },
        { title: t('retention.messages'), render: (_, row) => row.messages ?? t('common.none') },
        {
          key: 'steps',
          render: (_, row) =>
            row.erasedTime === null && (
              <Button
                size="small"
                onClick={() => {
                  step.mutate({ path: `erasures/${row.conversation}/undo`, told: t('retention.undone') });
                }}
              >
                {t('retention.undo')}
              </Button>
            ),
        },
      ]}
      page={page}
      size={SIZE}
      turn={setPage}
    />
  );
}

export function Retention() {
  const { t } = useTranslation();
  const rules = useHouse<RetentionRules>('retention', useWhose());
  const [open, setOpen] = useState<'erase' | 'hold' | null>(null);
  return (
    <>
      <h2>{t('retention.rules')}</h2>
      {rules.data ? (
        <Rules stored={rules.data} />
      ) : rules.isError ? (
        <FailedState title={t('retention.failed')} error={rules.error} retry={() => void rules.refetch()} />
      ) : (
        <RowSkeletons rows={4} />
      )}
      <h2>{t('retention.requests')}</h2>
      <ErasureRequests />
      <div className="filters is-titled">
        <h2>{t('retention.erasures')}</h2>
        <Button
          danger
          data-testid="erase-open"
          onClick={() => {
            setOpen('erase');
          }}
        >
          {t('retention.erase')}
        </Button>
      </div>
      <Erasures />
      <div className="filters is-titled">
        <h2>{t('retention.holds')}</h2>
        <Button
          data-testid="hold-open"
          onClick={() => {
            setOpen('hold');
          }}
        >
          {t('retention.hold')}
        </Button>
      </div>
      <Holds />
      {open !== null && (
        <WhoseForm
          what={open}
          close={() => {
            setOpen(null);
          }}
        />
      )}
    </>
  );
}
