/** 咨询档案 and 模板文件: the consultant's case files with their consultation records, Excel in, forms in and out. */
import { useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Popconfirm, Space, Table, Tabs, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RecordRow } from '../../../contract/consultant/record.js';
import { consult, upload } from '../api/consultant.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { sentenceOf } from '../ui/problem.js';
import { SheetUpload } from '../ui/sheet-upload.js';
import { FailedState } from '../ui/states.js';
import { CaseDrawer } from './case-drawer.js';
import { PageFrame } from './page-frame.js';
import { Templates } from './templates.js';

const FIELDS = {
  std_name: 'name',
  std_grade: 'grade',
  std_class: 'class',
  std_school: 'school',
  interview_count: 'count',
  interview_status: 'status',
  interview_type: 'type',
  doctor_evaluation: 'evaluation',
  follow_up_plan: 'plan',
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];
type Fields = Record<Field, string>;
const LONG: readonly Field[] = ['doctor_evaluation', 'follow_up_plan'];
const EMPTY = Object.fromEntries(NAMES.map((name) => [name, ''])) as Fields;

export default function CasesPage() {
  const { t } = useTranslation();
  return (
    <PageFrame title={t('cases.title')}>
      <Tabs
        items={[
          { key: 'cases', label: t('cases.title'), children: <CaseFiles /> },
          { key: 'templates', label: t('cases.templates'), children: <Templates /> },
        ]}
      />
    </PageFrame>
  );
}

function CaseFiles() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [filters, setFilters] = useState<Partial<Fields>>({});
  const [page, setPage] = useState(1);
  const [edited, setEdited] = useState<RecordRow | 'new' | null>(null);
  const [open, setOpen] = useState<RecordRow | null>(null);
  const list = useQuery({
    queryKey: ['cases', filters, page],
    queryFn: ({ signal }) =>
      consult<{ total: number; data: RecordRow[] }>(
        me.userID,
        'interview/records',
        { ...filters, page, page_size: 20 },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  const told = (words: string) => async () => {
    void message.success(words);
    await queryClient.invalidateQueries({ queryKey: ['cases'] });
  };
  const onError = (error: unknown) => void message.error(sentenceOf(error), 8);
  const remove = useMutation({
    mutationFn: (id: string) => consult(me.userID, 'interview/records/delete', { id }),
    onSuccess: told(t('cases.removed')),
    onError,
  });
  const uploading = useMutation({
    mutationFn: (file: File) => upload(me.userID, 'interview/upload/records', file),
    onSuccess: told(t('cases.uploaded')),
    onError,
  });
  const columns: TableColumnsType<RecordRow> = [
    ...NAMES.map((name) => ({
      title: t(`cases.${FIELDS[name]}`),
      dataIndex: name,
      // The table is as wide as its words: a long one says where to stop itself, and is read whole in the drawer.
      ...(LONG.includes(name) && { ellipsis: true, onCell: () => ({ style: { maxWidth: 220 } }) }),
    })),
    { title: t('cases.created'), dataIndex: 'create_time' },
    {
      title: t('orders.actions'),
      fixed: 'right',
      render: (_, row) => (
        <Space>
          <Button
            size="small"
            data-testid="case-open"
            onClick={() => {
              setOpen(row);
            }}
          >
            {t('cases.consultations')}
          </Button>
          <Button
            size="small"
            onClick={() => {
              setEdited(row);
            }}
          >
            {t('cases.edit')}
          </Button>
          <Popconfirm
            title={t('cases.removeTitle')}
            okText={t('cases.remove')}
            cancelText={t('common.cancel')}
            onConfirm={() => {
              remove.mutate(row.id);
            }}
          >
            <Button size="small" danger>
              {t('cases.remove')}
            </Button>
          </Popconfirm>
        </Space>
      ),
    },
  ];
  return (
    <>
      <div className="filters" role="search">
        {(['std_name', 'std_school', 'doctor_evaluation', 'follow_up_plan'] as const).map((name) => (
          <Input
            key={name}
            allowClear
            prefix={<SearchOutlined />}
            placeholder={t(`cases.${FIELDS[name]}`)}
            aria-label={t(`cases.${FIELDS[name]}`)}
            data-testid={`filter-${name}`}
            onChange={(event) => {
              setPage(1);
              setFilters((before) => ({ ...before, [name]: event.target.value.trim() }));
            }}
          />
        ))}
        <SheetUpload busy={uploading.isPending} onFile={uploading.mutate}>
          {t('cases.upload')}
        </SheetUpload>
        <Button
          type="primary"
          icon={<PlusOutlined />}
          data-testid="case-add"
          onClick={() => {
            setEdited('new');
          }}
        >
          {t('cases.add')}
        </Button>
      </div>
      {list.isError && !list.data ? (
        <FailedState title={t('cases.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : (
        <Table<RecordRow>
          rowKey="id"
          size="middle"
          loading={list.isFetching && { delay: 200 }}
          columns={columns}
          dataSource={list.data?.data ?? []}
          scroll={{ x: 'max-content' }}
          pagination={{
            current: page,
            pageSize: 20,
            total: list.data?.total ?? 0,
            showSizeChanger: false,
            showTotal: (total) => t('cases.total', { total }),
            onChange: setPage,
          }}
        />
      )}
      {edited && (
        <EditCase
          row={edited === 'new' ? null : edited}
          close={() => {
            setEdited(null);
          }}
          saved={told(t('cases.saved'))}
        />
      )}
      <CaseDrawer
        row={open}
        close={() => {
          setOpen(null);
        }}
      />
    </>
  );
}

function EditCase({
  row,
  close,
  saved,
}: {
  row: RecordRow | null;
  close: () => void;
  saved: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const save = useMutation({
    mutationFn: (fields: Fields) =>
      row
        ? send('PATCH', `/api/v1/records/${row.id}`, fields)
        : consult(me.userID, 'interview/records/create', { ...EMPTY, ...fields }),
    onSuccess: async () => {
      close();
      await saved();
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <FormModal<Fields>
      title={row ? t('cases.edit') : t('cases.add')}
      okTestId="case-save"
      busy={save.isPending}
      close={close}
      initialValues={row ?? EMPTY}
      onFinish={(fields) => {
        save.mutate(fields);
      }}
    >
      {NAMES.map((name) => (
        <Form.Item
          key={name}
          name={name}
          label={t(`cases.${FIELDS[name]}`)}
          rules={name === 'std_name' ? [{ required: true, message: '' }] : []}
        >
          {LONG.includes(name) ? <Input.TextArea rows={3} /> : <Input />}
        </Form.Item>
      ))}
    </FormModal>
  );
}
