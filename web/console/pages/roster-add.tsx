/** Adds people to a day: document section 22, which adds and never replaces. */
import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { StaffRow } from '../../../contract/user.js';
import { getPage, send } from '../api/http.js';
import { sentenceOf } from '../ui/problem.js';
import { fullDate } from '../ui/time.js';

const LISTS = { COUNSELOR: '/user/ms/counselor/list', SUPERVISOR: '/user/ms/supervisor/list' } as const;

function useStaff(kind: keyof typeof LISTS, enabled: boolean) {
  return useQuery({
    queryKey: ['staff', kind],
    queryFn: ({ signal }) => getPage<StaffRow>(LISTS[kind], { size: 200 }, signal),
    staleTime: 60_000,
    enabled,
  });
}

const optionsOf = (rows: StaffRow[] | undefined) =>
  (rows ?? []).map(({ id, name, username, department }) => ({
    value: id,
    label: [name ?? username ?? id, department].filter(Boolean).join(' · '),
  }));

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
