/** 常用语: one's own phrases, and those of the house for who keeps them; a star gives one the keys Alt+Shift+1 … 9. */
import { useState } from 'react';
import {
  DeleteOutlined,
  EditOutlined,
  PlusOutlined,
  StarFilled,
  StarOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import { AutoComplete, Button, Checkbox, Form, Input, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CannedReply } from '../../../contract/canned-reply.js';
import { REPLY_VARIABLES } from '../../../contract/enums.js';
import { useStepOf } from '../api/step.js';
import { usePreferences } from '../state/preferences.js';
import { isCounselor, useMe } from '../state/session.js';
import { CANNED, useCannedReplies } from '../thread/use-canned.js';
import { fitting } from '../thread/canned.js';
import { FormModal } from '../ui/form-modal.js';
import { QueryTable } from '../ui/query-table.js';
import { PageFrame } from './page-frame.js';

const VARIABLES = REPLY_VARIABLES.map((name) => `{{${name}}}`).join(' ');
const PATH = 'canned-replies';
const MOST_FAVOURITES = 9;
type Values = Pick<CannedReply, 'title' | 'category' | 'text' | 'shared'>;

function ReplyForm({
  known,
  categories,
  close,
}: {
  known: CannedReply | null;
  categories: string[];
  close: () => void;
}) {
  const { t } = useTranslation();
  const mayShare = !isCounselor(useMe());
  const change = useStepOf(CANNED, close);
  const required = [{ required: true, whitespace: true, message: t('review.required') }];
  return (
    <FormModal<Values>
      title={t(known ? 'canned.change' : 'canned.add')}
      okTestId="reply-save"
      busy={change.isPending}
      close={close}
      initialValues={known ?? { title: '', category: '', text: '', shared: false }}
      onFinish={({ title, category, text, shared }) => {
        const written = { title, category, text };
        const told = t('canned.saved');
        change.mutate(
          known
            ? { method: 'PUT', path: `${PATH}/${known.id}`, body: written, told }
            : { path: PATH, body: { ...written, ...(mayShare && { shared }) }, told },
        );
      }}
    >
      <Form.Item name="title" label={t('canned.title')} rules={required}>
        <Input maxLength={40} data-testid="reply-title" />
      </Form.Item>
      <Form.Item name="category" label={t('canned.category')}>
        <AutoComplete maxLength={20} options={categories.map((value) => ({ value }))} />
      </Form.Item>
      <Form.Item
        name="text"
        label={t('canned.text')}
        rules={required}
        extra={t('canned.variables', { names: VARIABLES })}
      >
        <Input.TextArea rows={5} maxLength={2_000} data-testid="reply-text" />
      </Form.Item>
      {mayShare && !known && (
        <Form.Item name="shared" valuePropName="checked">
          <Checkbox data-testid="reply-shared">{t('canned.share')}</Checkbox>
        </Form.Item>
      )}
    </FormModal>
  );
}

/** The star of one row, with the key that it gives. */
function Favourite({ reply }: { reply: CannedReply }) {
  const { t } = useTranslation();
  const { favouriteReplies: ids, set } = usePreferences();
  const at = ids.indexOf(reply.id);
  const label = at < 0 ? t('canned.star') : t('canned.starred', { n: at + 1 });
  return (
    <Button
      type="text"
      size="small"
      icon={at < 0 ? <StarOutlined /> : <StarFilled />}
      title={label}
      aria-label={`${label}：${reply.title}`}
      aria-pressed={at >= 0}
      disabled={at < 0 && ids.length >= MOST_FAVOURITES}
      onClick={() => {
        set({ favouriteReplies: at < 0 ? [...ids, reply.id] : ids.filter((id) => id !== reply.id) });
      }}
    >
      {at < 0 ? '' : String(at + 1)}
    </Button>
  );
}

export default function RepliesPage() {
  const { t } = useTranslation();
  const list = useCannedReplies();
  const rows = list.data ?? [];
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<CannedReply | 'new' | null>(null);
  const mayShare = !isCounselor(useMe());
  const change = useStepOf(CANNED);
  const categories = [...new Set(rows.map(({ category }) => category))].filter(Boolean);
  return (
    <PageFrame
      title={t('canned.page')}
      hint={t('canned.hint')}
      tools={
        <>
          <Input.Search
            allowClear
            placeholder={t('canned.search')}
            aria-label={t('canned.search')}
            onChange={(event) => {
              setQuery(event.target.value.trim().toLowerCase());
            }}
          />
          <Button
            type="primary"
            icon={<PlusOutlined />}
            data-testid="reply-add"
            onClick={() => {
              setOpen('new');
            }}
          >
            {t('canned.add')}
          </Button>
        </>
      }
    >
      <QueryTable<CannedReply>
        query={list}
        failed={t('canned.failed')}
        empty={{ icon: <ThunderboltOutlined />, title: t('canned.none'), hint: t('canned.noneHint') }}
        rowKey="id"
        scroll={{}}
        columns={[
          { key: 'star', width: 64, render: (_, row) => <Favourite reply={row} /> },
          { title: t('canned.title'), dataIndex: 'title', width: 180 },
          { title: t('canned.category'), width: 120, render: (_, row) => row.category || t('common.none') },
          { title: t('canned.text'), dataIndex: 'text', className: 'words' },
          {
            title: t('canned.whose'),
            width: 90,
            render: (_, row) => t(row.shared ? 'canned.shared' : 'canned.own'),
          },
          {
            key: 'steps',
            width: 96,
            render: (_, row) =>
              (mayShare || !row.shared) && (
                <span className="setting-buttons">
                  <Button
                    type="text"
                    size="small"
                    icon={<EditOutlined />}
                    aria-label={`${t('canned.change')}：${row.title}`}
                    onClick={() => {
                      setOpen(row);
                    }}
                  />
                  <Popconfirm
                    title={t('canned.deleteTitle')}
                    okText={t('canned.delete')}
                    cancelText={t('common.cancel')}
                    onConfirm={() => {
                      change.mutate({
                        method: 'DELETE',
                        path: `${PATH}/${row.id}`,
                        told: t('canned.deleted'),
                      });
                    }}
                  >
                    <Button
                      type="text"
                      danger
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={`${t('canned.delete')}：${row.title}`}
                    />
                  </Popconfirm>
                </span>
              ),
          },
        ]}
        dataSource={fitting(rows, query)}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
      />
      {open !== null && (
        <ReplyForm
          known={open === 'new' ? null : open}
          categories={categories}
          close={() => {
            setOpen(null);
          }}
        />
      )}
    </PageFrame>
  );
}
