/** 导出: one's own exports with live progress, to cancel, to fetch, with the proof that nobody altered them. */
import { useEffect, useRef } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Progress, Space, Tag, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ExportTask } from '../../../contract/export.js';
import { get, send } from '../api/http.js';
import { useClient } from '../live/context.js';
import { joinExports } from '../live/exports.js';
import { useNow } from '../ui/now.js';
import { sentenceOf } from '../ui/problem.js';
import { QueryTable } from '../ui/query-table.js';
import { megabytes } from '../ui/size.js';
import { dateTime } from '../ui/time.js';
import { PageFrame } from './page-frame.js';

const EXPORTS = ['exports'];
const isUnderWay = ({ status }: ExportTask) => status === 'QUEUED' || status === 'RUNNING';

/** Pushes say how far each is; while any is under way it is asked for too, should a push be missed. */
function useExports() {
  const client = useClient();
  const cache = useQueryClient();
  /** What came since the list was asked for last: the answer may be older. */
  const meanwhile = useRef(new Map<string, ExportTask>());
  useEffect(
    () =>
      client.onPush((event, payload) => {
        if (event !== 'export:updated') return;
        const task = payload as ExportTask;
        meanwhile.current.set(task.id, task);
        // Before the first answer there is no list to show it in.
        cache.setQueryData<ExportTask[]>(EXPORTS, (rows) => {
          const known = rows?.some(({ id }) => id === task.id) === true;
          return known ? rows.map((row) => (row.id === task.id ? task : row)) : rows && [task, ...rows];
        });
      }),
    [client, cache],
  );
  return useQuery({
    queryKey: EXPORTS,
    queryFn: async ({ signal }) => {
      const pushed = new Map<string, ExportTask>();
      meanwhile.current = pushed;
      return joinExports(await get<ExportTask[]>('/api/v1/exports', undefined, signal), pushed);
    },
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? 5_000 : false),
  });
}

function Standing({ task }: { task: ExportTask }) {
  const { t } = useTranslation();
  if (isUnderWay(task)) return <Progress percent={task.progress} size="small" style={{ width: 160 }} />;
  return (
    <>
      <Tag color={task.status === 'DONE' ? 'success' : task.status === 'FAILED' ? 'error' : 'default'}>
        {t(`exports.status.${task.status}`)}
      </Tag>
      {task.error !== undefined && <small>{task.error}</small>}
    </>
  );
}

export default function ExportsPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const now = useNow(60_000);
  const list = useExports();
  const cancelling = useMutation({
    mutationFn: (id: string) => send<ExportTask>('POST', `/api/v1/exports/${id}/cancel`, {}),
    onSuccess: () => cache.invalidateQueries({ queryKey: EXPORTS }),
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const columns: TableColumnsType<ExportTask> = [
    { title: t('exports.created'), render: (_, row) => dateTime(row.createdTime, now) },
    { title: t('exports.conversations'), dataIndex: 'conversations' },
    {
      title: t('exports.format'),
      render: (_, row) => (
        <>
          {row.batch ? `zip · ${row.format}` : row.format}
          {row.redacted && <Tag>{t('exports.redacted')}</Tag>}
        </>
      ),
    },
    { title: t('exports.progress'), render: (_, row) => <Standing task={row} /> },
    {
      title: t('exports.size'),
      render: (_, row) => (row.file ? megabytes(row.file.size) : t('common.none')),
    },
    {
      title: t('exports.expires'),
      render: (_, row) => (row.expiresTime === undefined ? t('common.none') : dateTime(row.expiresTime, now)),
    },
    {
      key: 'actions',
      render: (_, row) => (
        <Space>
          {row.url !== undefined && (
            <Button
              size="small"
              type="primary"
              icon={<DownloadOutlined />}
              href={row.url}
              data-testid="export-download"
            >
              {t('exports.download')}
            </Button>
          )}
          {row.proofUrl !== undefined && (
            <Button size="small" href={row.proofUrl}>
              {t('exports.proof')}
            </Button>
          )}
          {isUnderWay(row) && (
            <Button
              size="small"
              data-testid="export-cancel"
              onClick={() => {
                cancelling.mutate(row.id);
              }}
            >
              {t('common.cancel')}
            </Button>
          )}
        </Space>
      ),
    },
  ];
  return (
    <PageFrame title={t('exports.title')} hint={t('exports.hint')}>
      <QueryTable<ExportTask>
        query={list}
        failed={t('exports.failed')}
        rowKey="id"
        columns={columns}
        dataSource={list.data ?? []}
        pagination={false}
        empty={{ title: t('exports.empty'), hint: t('exports.emptyHint') }}
      />
    </PageFrame>
  );
}
