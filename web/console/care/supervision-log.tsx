/** 督导记录: supervision that was held with counselors; its words are for those who were there. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { PlusOutlined, ReadOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, Input, InputNumber, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { SupervisionEntry, WholeSupervisionEntry } from '../../../contract/care.js';
import { get } from '../api/http.js';
import { staffLabel, useStaff, useStaffName } from '../api/staff.js';
import { isSupervisor, useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { Picker } from '../ui/picker.js';
import { PagedTable } from '../ui/query-table.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { CARE, useCareList } from './api.js';
import { useStep } from './step.js';

const SIZE = 20;
const DAY = 'YYYY-MM-DD';

interface Values {
  counselors: string[];
  day: Dayjs;
  minutes: number;
  words?: string;
}

function EntryForm({ known, close }: { known: WholeSupervisionEntry | null; close: () => void }) {
  const { t } = useTranslation();
  const counselors = useStaff('COUNSELOR').data?.rows ?? [];
  const step = useStep(close);
  const required = [{ required: true, message: t('review.required') }];
  return (
    <FormModal<Values>
      title={t('log.entry')}
      okTestId="log-save"
      busy={step.isPending}
      close={close}
      initialValues={
        known ? { ...known, day: dayjs(known.day) } : { counselors: [], day: dayjs(), minutes: 60, words: '' }
      }
      onFinish={({ counselors: whom, day, minutes, words = '' }) => {
        step.mutate({
          ...(known ? { method: 'PUT' as const } : {}),
          path: known ? `supervision-entries/${known.id}` : 'supervision-entries',
          body: { counselors: whom, day: day.format(DAY), minutes, words },
          told: t('log.saved'),
        });
      }}
    >
      <Form.Item name="counselors" label={t('log.counselors')} rules={required}>
        <Picker<string[]>
          mode="multiple"
          label={t('log.counselors')}
          data-testid="log-counselors"
          options={counselors.map((row) => ({ value: row.id, label: staffLabel(row) }))}
        />
      </Form.Item>
      <Form.Item name="day" label={t('log.day')} rules={required}>
        <DatePicker allowClear={false} disabledDate={(day) => day.isAfter(dayjs(), 'day')} />
      </Form.Item>
      <Form.Item name="minutes" label={t('log.minutes')} rules={required}>
        <InputNumber min={5} max={600} precision={0} />
      </Form.Item>
      <Form.Item name="words" label={t('log.words')}>
        <Input.TextArea rows={5} maxLength={8_000} data-testid="log-words" />
      </Form.Item>
    </FormModal>
  );
}

/** One entry with its words: to change for who wrote it, to read for the others who were there. */
function OneEntry({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const nameOf = useStaffName('COUNSELOR');
  const entry = useQuery({
    queryKey: [CARE, 'supervision-entry', id],
    queryFn: ({ signal }) =>
      get<WholeSupervisionEntry>(`/api/v1/supervision-entries/${id}`, undefined, signal),
  });
  if (entry.data?.supervisor === me.id) return <EntryForm known={entry.data} close={close} />;
  return (
    <Modal open title={t('log.entry')} footer={null} onCancel={close}>
      {entry.isError ? (
        <FailedState title={t('log.failed')} error={entry.error} retry={() => void entry.refetch()} />
      ) : entry.data ? (
        <>
          <p>
            {entry.data.day} · {entry.data.supervisorName ?? t('common.unnamed')} ·{' '}
            {entry.data.counselors.map(nameOf).join('、')}
          </p>
          <p className="words">{entry.data.words || t('common.none')}</p>
        </>
      ) : (
        <RowSkeletons rows={2} />
      )}
    </Modal>
  );
}

export function SupervisionLog() {
  const { t } = useTranslation();
  const me = useMe();
  const nameOf = useStaffName('COUNSELOR');
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<string | null>(null);
  const list = useCareList<SupervisionEntry>('supervision-entries', { page, size: SIZE });
  const close = () => {
    setOpen(null);
  };
  const wasThere = (row: SupervisionEntry) => row.supervisor === me.id || row.counselors.includes(me.id);
  return (
    <>
      {isSupervisor(me) && (
        <div className="filters">
          <Button
            type="primary"
            icon={<PlusOutlined />}
            data-testid="log-add"
            onClick={() => {
              setOpen('new');
            }}
          >
            {t('log.add')}
          </Button>
        </div>
      )}
      <PagedTable<SupervisionEntry>
        query={list}
        failed={t('log.failed')}
        empty={{ icon: <ReadOutlined />, title: t('log.none'), hint: t('log.noneHint') }}
        rowKey="id"
        columns={[
          { title: t('log.day'), dataIndex: 'day' },
          { title: t('log.supervisor'), render: (_, row) => row.supervisorName ?? t('common.unnamed') },
          { title: t('log.counselors'), render: (_, row) => row.counselors.map(nameOf).join('、') },
          { title: t('log.minutes'), dataIndex: 'minutes' },
          {
            key: 'open',
            render: (_, row) =>
              wasThere(row) && (
                <Button
                  size="small"
                  data-testid="log-open"
                  onClick={() => {
                    setOpen(row.id);
                  }}
                >
                  {t('log.read')}
                </Button>
              ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
      {open === 'new' && <EntryForm known={null} close={close} />}
      {open !== null && open !== 'new' && <OneEntry id={open} close={close} />}
    </>
  );
}
