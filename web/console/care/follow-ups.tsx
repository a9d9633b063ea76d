/** Follow-ups: when somebody who was in danger is asked after, what came of it, and who does it. */
import { useState } from 'react';
import { Button, Form, Input, Modal, Space, Tag, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { FOLLOW_UP_OUTCOMES, type FollowUpOutcome } from '../../../contract/enums.js';
import type { FollowUp } from '../../../contract/risk.js';
import { staffLabel, useStaff } from '../api/staff.js';
import { isAdmin, useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { Picker } from '../ui/picker.js';
import { useStep } from './step.js';

function FollowUpState({ row }: { row: FollowUp }) {
  const { t } = useTranslation();
  if (row.overdue) return <Tag color="error">{t('risk.overdue')}</Tag>;
  return <Tag color={row.state === 'OPEN' ? 'warning' : 'default'}>{t(`risk.state.${row.state}`)}</Tag>;
}

function Settle({ row, close }: { row: FollowUp; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ outcome: FollowUpOutcome; note?: string }>();
  const leftOut = Form.useWatch('outcome', form) === 'LEFT_OUT';
  const step = useStep(close);
  return (
    <FormModal<{ outcome: FollowUpOutcome; note?: string }>
      title={`${t('risk.settle')} · ${t(`risk.step.${row.step}`)}`}
      okTestId="settle-save"
      busy={step.isPending}
      close={close}
      form={form}
      onFinish={({ outcome, note }) => {
        const words = note?.trim() ?? '';
        step.mutate({
          path: `follow-ups/${row.id}/settle`,
          body: { outcome, ...(words === '' ? {} : { note: words }) },
          told: t('risk.settled'),
        });
      }}
    >
      <Form.Item
        name="outcome"
        label={t('risk.outcome.label')}
        rules={[{ required: true, message: t('risk.required') }]}
      >
        <Picker
          label={t('risk.outcome.label')}
          data-testid="settle-outcome"
          options={FOLLOW_UP_OUTCOMES.map((value) => ({ value, label: t(`risk.outcome.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="note"
        label={t('risk.note')}
        rules={[{ required: leftOut, whitespace: leftOut, message: t('risk.needNote') }]}
      >
        <Input.TextArea rows={3} maxLength={4_000} data-testid="settle-note" />
      </Form.Item>
    </FormModal>
  );
}

function Assign({ row, close }: { row: FollowUp; close: () => void }) {
  const { t } = useTranslation();
  const [owner, setOwner] = useState<string | null>(null);
  const [counselors, supervisors] = [useStaff('COUNSELOR'), useStaff('SUPERVISOR')];
  const people = [...(counselors.data?.rows ?? []), ...(supervisors.data?.rows ?? [])];
  const step = useStep(close);
  return (
    <Modal
      open
      title={t('risk.assign')}
      okText={t('risk.assign')}
      cancelText={t('common.cancel')}
      confirmLoading={step.isPending}
      okButtonProps={{ disabled: owner === null, 'data-testid': 'assign-save' }}
      onOk={() => {
        step.mutate({ path: `follow-ups/${row.id}/assign`, body: { owner }, told: t('risk.assigned') });
      }}
      onCancel={close}
    >
      <Picker
        className="wide"
        label={t('risk.assignTo')}
        placeholder={t('risk.assignTo')}
        value={owner}
        data-testid="assign-owner"
        options={people
          .filter(({ id }) => id !== row.owner)
          .map((person) => ({ value: person.id, label: staffLabel(person) }))}
        onChange={setOwner}
      />
    </Modal>
  );
}

export function FollowUpActions({ row }: { row: FollowUp }) {
  const { t } = useTranslation();
  const me = useMe();
  const [open, setOpen] = useState<'settle' | 'assign' | null>(null);
  const close = () => {
    setOpen(null);
  };
  // Administrators see what is due; who does it are counselors and supervisors.
  if (row.state !== 'OPEN' || isAdmin(me)) return null;
  return (
    <Space>
      <Button
        size="small"
        data-testid="settle"
        onClick={() => {
          setOpen('settle');
        }}
      >
        {t('risk.settle')}
      </Button>
      <Button
        size="small"
        data-testid="assign"
        onClick={() => {
          setOpen('assign');
        }}
      >
        {t('risk.assign')}
      </Button>
      {open === 'settle' && <Settle row={row} close={close} />}
      {open === 'assign' && <Assign row={row} close={close} />}
    </Space>
  );
}

/** Columns of a list of follow-ups, without the person they are about. */
export function useFollowUpColumns(): TableColumnsType<FollowUp> {
  const { t } = useTranslation();
  return [
    { title: t('risk.due'), dataIndex: 'day', className: 'number' },
    { title: t('risk.followUps'), render: (_, row) => t(`risk.step.${row.step}`) },
    { title: t('risk.owner'), render: (_, row) => row.ownerName ?? t('common.none') },
    { title: t('risk.state.label'), render: (_, row) => <FollowUpState row={row} /> },
    {
      title: t('risk.outcome.label'),
      render: (_, row) => (row.outcome === null ? t('common.none') : t(`risk.outcome.${row.outcome}`)),
    },
    { key: 'actions', render: (_, row) => <FollowUpActions row={row} /> },
  ];
}

/** In a case, where there is no room for a table. */
export function FollowUpList({ rows }: { rows: readonly FollowUp[] }) {
  const { t } = useTranslation();
  return (
    <ul className="calls-made">
      {rows.map((row) => (
        <li key={row.id} className="call" data-testid="follow-up" data-state={row.state}>
          <span>
            {t(`risk.step.${row.step}`)} · <span className="number">{row.day}</span>
            {row.outcome !== null && ` · ${t(`risk.outcome.${row.outcome}`)}`}
            {row.note !== null && <small className="words">{row.note}</small>}
          </span>
          <FollowUpState row={row} />
          <FollowUpActions row={row} />
        </li>
      ))}
    </ul>
  );
}
