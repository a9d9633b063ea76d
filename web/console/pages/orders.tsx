/** 咨询订单: the consultant's own, with the documented filters and the moves that the document implies. */
import { useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { App, Button, DatePicker, Form, Input, Select, Space, Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OrderRow } from '../../../contract/consultant/order.js';
import { ORDER_STATUS_WORDS, ORDER_TYPES } from '../../../contract/enums.js';
import { consult } from '../api/consultant.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { sentenceOf } from '../ui/problem.js';
import { FailedState } from '../ui/states.js';
import type { Day } from '../ui/days.js';
import { PageFrame } from './page-frame.js';

type Move = 'accept' | 'reject' | 'start' | 'finish';
const MOVES: Record<string, readonly Move[]> = {
  待接单: ['accept', 'reject'],
  等待中: ['start', 'reject'],
  咨询中: ['finish'],
};
const DAY = 'YYYY-MM-DD';

interface Filters {
  name: string;
  type: string;
  status: string;
  days: [Day, Day] | null;
  page: number;
}
const NO_FILTERS: Filters = { name: '', type: '', status: '', days: null, page: 1 };

function useOrders(filters: Filters) {
  const me = useMe();
  const { days, ...rest } = filters;
  return useQuery({
    queryKey: ['orders', filters],
    queryFn: ({ signal }) =>
      consult<{ total: number; data: OrderRow[] }>(
        me.userID,
        'orders',
        {
          ...rest,
          pageSize: 20,
          date_start: days?.[0].format(DAY) ?? '',
          date_end: days?.[1].format(DAY) ?? '',
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export default function OrdersPage() {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const [filters, setFilters] = useState(NO_FILTERS);
  const [adding, setAdding] = useState(false);
  const list = useOrders(filters);
  const change = (part: Partial<Filters>) => {
    setFilters((before) => ({ ...before, page: 1, ...part }));
  };
  const move = useMutation({
    mutationFn: ({ id, name, reason }: { id: number; name: Move; reason?: string }) =>
      send('POST', `/api/v1/orders/${String(id)}/${name}`, reason ? { reason } : {}),
    onSuccess: async () => {
      void message.success(t('orders.moved'));
      await queryClient.invalidateQueries({ queryKey: ['orders'] });
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const ask = (id: number, name: Move) => {
    if (name !== 'reject') {
      move.mutate({ id, name });
      return;
    }
    let reason = '';
    modal.confirm({
      title: t('orders.rejectTitle'),
      content: (
        <Input.TextArea
          rows={3}
          maxLength={500}
          placeholder={t('orders.rejectReason')}
          aria-label={t('orders.rejectReason')}
          onChange={(event) => {
            reason = event.target.value;
          }}
        />
      ),
      onOk: () => {
        move.mutate({ id, name, reason });
      },
    });
  };
  const columns: TableColumnsType<OrderRow> = [
    { title: t('orders.time'), render: (_, row) => `${row.date} ${row.time}` },
    {
      title: t('orders.name'),
      render: (_, row) => [row.name, row.gender, row.age].filter(Boolean).join(' · '),
    },
    { title: t('orders.type'), dataIndex: 'type' },
    { title: t('orders.status'), dataIndex: 'status' },
    { title: t('orders.contact'), dataIndex: 'contact' },
    { title: t('orders.keyWords'), dataIndex: 'key_word' },
    { title: t('orders.amount'), render: (_, row) => `¥${(row.amount / 100).toFixed(2)}` },
    {
      title: t('orders.actions'),
      fixed: 'right',
      render: (_, row) => (
        <Space>
          {(MOVES[row.status] ?? []).map((name) => (
            <Button
              key={name}
              size="small"
              danger={name === 'reject'}
              data-testid={`order-${name}`}
              loading={move.isPending && move.variables.id === row.id && move.variables.name === name}
              onClick={() => {
                ask(row.id, name);
              }}
            >
              {t(`orders.${name}`)}
            </Button>
          ))}
        </Space>
      ),
    },
  ];
  const all = { value: '', label: t('common.all') };
  return (
    <PageFrame
      title={t('orders.title')}
      tools={
        <Button
          type="primary"
          icon={<PlusOutlined />}
          data-testid="order-add"
          onClick={() => {
            setAdding(true);
          }}
        >
          {t('orders.add')}
        </Button>
      }
    >
      <div className="filters" role="search">
        <Input
          allowClear
          prefix={<SearchOutlined />}
          placeholder={t('orders.name')}
          aria-label={t('orders.name')}
          onChange={(event) => {
            change({ name: event.target.value.trim() });
          }}
        />
        <Select
          value={filters.type}
          aria-label={t('orders.type')}
          options={[all, ...ORDER_TYPES.map((value) => ({ value, label: value }))]}
          onChange={(type) => {
            change({ type });
          }}
        />
        <Select
          value={filters.status}
          aria-label={t('orders.status')}
          options={[all, ...Object.values(ORDER_STATUS_WORDS).map((value) => ({ value, label: value }))]}
          onChange={(status) => {
            change({ status });
          }}
        />
        <DatePicker.RangePicker
          aria-label={t('orders.days')}
          value={filters.days}
          onChange={(range) => {
            change({ days: range?.[0] && range[1] ? [range[0], range[1]] : null });
          }}
        />
      </div>
      {list.isError && !list.data ? (
        <FailedState title={t('orders.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : (
        <Table<OrderRow>
          rowKey="id"
          size="middle"
          loading={list.isFetching && { delay: 200 }}
          columns={columns}
          dataSource={list.data?.data ?? []}
          scroll={{ x: 'max-content' }}
          pagination={{
            current: filters.page,
            pageSize: 20,
            total: list.data?.total ?? 0,
            showSizeChanger: false,
            showTotal: (total) => t('orders.total', { total }),
            onChange: (page) => {
              change({ page });
            },
          }}
        />
      )}
      <AddOrder
        open={adding}
        close={() => {
          setAdding(false);
        }}
      />
    </PageFrame>
  );
}

interface NewOrder {
  name: string;
  age: string;
  gender: string;
  type: string;
  date: Day;
  time: string;
  contact: string;
  key_word?: string[];
}

function AddOrder({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<NewOrder>();
  const add = useMutation({
    mutationFn: ({ date, key_word, ...order }: NewOrder) =>
      consult(me.userID, 'orders/create', { ...order, date: date.format(DAY), key_word: key_word ?? [] }),
    onSuccess: async () => {
      void message.success(t('orders.added'));
      form.resetFields();
      close();
      await queryClient.invalidateQueries({ queryKey: ['orders'] });
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const must = [{ required: true, message: '' }];
  return (
    <FormModal<NewOrder>
      open={open}
      title={t('orders.add')}
      okTestId="order-save"
      busy={add.isPending}
      close={close}
      form={form}
      initialValues={{ type: ORDER_TYPES[0] }}
      onFinish={(values) => {
        add.mutate(values);
      }}
    >
      <Form.Item name="name" label={t('orders.name')} rules={must}>
        <Input maxLength={64} />
      </Form.Item>
      <Space>
        <Form.Item name="age" label={t('orders.age')} rules={must}>
          <Input maxLength={4} />
        </Form.Item>
        <Form.Item name="gender" label={t('orders.gender')} rules={must}>
          <Select style={{ width: 96 }} options={['男', '女', '其他'].map((value) => ({ value }))} />
        </Form.Item>
        <Form.Item name="type" label={t('orders.type')} rules={must}>
          <Select style={{ width: 120 }} options={ORDER_TYPES.map((value) => ({ value }))} />
        </Form.Item>
      </Space>
      <Space>
        <Form.Item name="date" label={t('orders.date')} rules={must}>
          <DatePicker />
        </Form.Item>
        <Form.Item name="time" label={t('orders.span')} rules={must}>
          <Input maxLength={16} />
        </Form.Item>
      </Space>
      <Form.Item name="contact" label={t('orders.contact')} rules={must}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="key_word" label={t('orders.keyWords')}>
        <Select mode="tags" open={false} />
      </Form.Item>
    </FormModal>
  );
}
