/** Adds people to a day: document section 22, which adds and never replaces. */
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { StaffRow } from '../../../contract/user.js';
import { send } from '../api/http.js';
import { staffLabel, useStaff } from '../api/staff.js';
import { sentenceOf } from '../ui/problem.js';
import { fullDate } from '../ui/time.js';

const optionsOf = (rows: StaffRow[] | undefined) =>
  (rows ?? []).map((row) => ({ value: row.id, label: staffLabel(row) }));

export function AddToRoster({
  open,
  timestamp,
  close,
}: {
  open: boolean;
  timestamp: number;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [users, setUsers] = useState<string[]>([]);
  const counselors = useStaff('COUNSELOR', open);
  const supervisors = useStaff('SUPERVISOR', open);
  const add = useMutation({
    mutationFn: () => send('PUT', '/arrange', { timestamp, users }),
    onSuccess: async () => {
      void message.success(t('roster.added', { count: users.length }));
      setUsers([]);
      close();
      await queryClient.invalidateQueries({ queryKey: ['roster'] });
    },
    onError: (error) => void message.error(sentenceOf(error, t('roster.addFailed'))),
  });
  return (
    <Modal
      open={open}
      title={t('roster.addTitle', { day: fullDate(timestamp) })}
      okText={t('common.save')}
      okButtonProps={{ disabled: users.length === 0, loading: add.isPending, 'data-testid': 'roster-save' }}
      onOk={() => {
        add.mutate();
      }}
      onCancel={close}
    >
      <Select
        mode="multiple"
        className="full-width"
        value={users}
        onChange={setUsers}
        placeholder={t('roster.choose')}
        aria-label={t('roster.choose')}
        data-testid="roster-users"
        loading={counselors.isFetching}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { label: t('roster.counselors'), options: optionsOf(counselors.data?.rows) },
          { label: t('roster.supervisors'), options: optionsOf(supervisors.data?.rows) },
        ]}
      />
    </Modal>
  );
}
