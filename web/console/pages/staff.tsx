/** 人员: everybody of the institution, added, edited, switched off and on, removed (document sections 5 to 20). */
import { useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { App, Button, Input, Popconfirm, Select, Space, Tag, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { ROLES, type Role } from '../../../contract/enums.js';
import type { StaffRow } from '../../../contract/user.js';
import { getPage, send } from '../api/http.js';
import { isAdmin, useMe } from '../state/session.js';
import { sentenceOf } from '../ui/problem.js';
import { QueryTable } from '../ui/query-table.js';
import { PageFrame } from './page-frame.js';
import { StaffForm, type Edited } from './staff-form.js';

const KINDS = { COUNSELOR: 'counselor', SUPERVISOR: 'supervisor' } as const;
const SIZE = 20;

export default function StaffPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [type, setType] = useState<Role>('COUNSELOR');
  const [name, setName] = useState('');
  const [page, setPage] = useState(1);
  const [edited, setEdited] = useState<Edited | null>(null);
  const list = useQuery({
    queryKey: ['staff', type, name, page],
    queryFn: ({ signal }) => getPage<StaffRow>('/user/list', { type, name, page, size: SIZE }, signal),
    placeholderData: keepPreviousData,
  });
  const doing = useMutation({
    mutationFn: ({ method, path }: { method: 'POST' | 'DELETE'; path: string }) => send(method, path),
    onSuccess: async () => {
      void message.success(t('staff.done'));
      await cache.invalidateQueries({ queryKey: ['staff'] });
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const kind = type === 'COUNSELOR' || type === 'SUPERVISOR' ? KINDS[type] : null;
  const mayAdd = kind !== null && (isAdmin(me) || kind === 'counselor');
  // Visitors are banned by all who supervise, staff by administrators alone.
  const maySwitch = isAdmin(me) || type === 'VISITOR';
  const columns: TableColumnsType<StaffRow> = [
    { title: t('staff.name'), render: (_, row) => row.name ?? t('common.unnamed') },
    { title: t('staff.username'), dataIndex: 'username' },
    { title: t('staff.department'), render: (_, row) => row.department ?? t('common.none') },
    { title: t('staff.titleOf'), render: (_, row) => row.title ?? t('common.none') },
    { title: t('staff.phone'), render: (_, row) => row.phoneNumber ?? t('common.none') },
    ...(type === 'COUNSELOR'
      ? [
          {
            title: t('staff.seats'),
            render: (_: unknown, row: StaffRow) =>
              `${String(row.activeCount ?? 0)} / ${String(row.maxConsults ?? 0)}`,
          },
        ]
      : []),
    {
      title: t('staff.state'),
      render: (_, row) => (
        <Tag color={row.enabled ? 'success' : 'error'}>
          {t(row.enabled ? 'staff.enabled' : 'staff.disabled')}
        </Tag>
      ),
    },
    {
      key: 'actions',
      render: (_, row) => (
        <Space>
          {kind !== null && (
            <Button
              size="small"
              data-testid="staff-edit"
              onClick={() => {
                setEdited({ kind, row });
              }}
            >
              {t('staff.edit')}
            </Button>
          )}
          {maySwitch && row.id !== me.id && (
            <Popconfirm
              title={t(row.enabled ? 'staff.banTitle' : 'staff.liftTitle', {
                name: row.name ?? row.username ?? '',
              })}
              onConfirm={() => {
                doing.mutate({ method: 'POST', path: `/user/${row.enabled ? 'ban' : 'active'}/${row.id}` });
              }}
            >
              <Button size="small" danger={row.enabled} data-testid="staff-switch">
                {t(row.enabled ? 'staff.ban' : 'staff.lift')}
              </Button>
            </Popconfirm>
          )}
          {kind !== null && isAdmin(me) && (
            <Popconfirm
              title={t('staff.removeTitle', { name: row.name ?? row.username ?? '' })}
              description={t('staff.removeHint')}
              onConfirm={() => {
                doing.mutate({
                  method: 'DELETE',
                  path: `/user/ms/${kind}/${encodeURIComponent(row.username ?? '')}`,
                });
              }}
            >
              <Button size="small" type="text" danger>
                {t('staff.remove')}
              </Button>
            </Popconfirm>
          )}
        </Space>
      ),
    },
  ];
  return (
    <PageFrame
      title={t('staff.title')}
      hint={t('staff.hint')}
      tools={
        mayAdd && (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            data-testid="staff-add"
            onClick={() => {
              setEdited({ kind, row: null });
            }}
          >
            {t(`staff.add.${kind}`)}
          </Button>
        )
      }
    >
      <div className="filters" role="search">
        <Select<Role>
          value={type}
          aria-label={t('staff.role')}
          data-testid="staff-role"
          options={ROLES.filter((role) => isAdmin(me) || role === 'VISITOR' || role === 'COUNSELOR').map(
            (value) => ({
              value,
              label: t(`role.${value}`),
            }),
          )}
          onChange={(value) => {
            setType(value);
            setPage(1);
          }}
        />
        <Input
          allowClear
          prefix={<SearchOutlined />}
          placeholder={t('staff.name')}
          aria-label={t('staff.name')}
          value={name}
          onChange={(event) => {
            setName(event.target.value.trim());
            setPage(1);
          }}
        />
      </div>
      <QueryTable<StaffRow>
        query={list}
        failed={t('staff.failed')}
        rowKey="id"
        columns={columns}
        dataSource={list.data?.rows ?? []}
        pagination={{
          current: page,
          pageSize: SIZE,
          total: list.data?.count ?? 0,
          onChange: setPage,
          showSizeChanger: false,
          showTotal: (total) => t('staff.total', { total }),
        }}
      />
      {edited !== null && (
        <StaffForm
          key={edited.row?.id ?? 'new'}
          edited={edited}
          close={() => {
            setEdited(null);
          }}
        />
      )}
    </PageFrame>
  );
}
