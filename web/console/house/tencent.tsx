/** 腾讯云 IM: what the comparisons found, and callbacks that fitted nowhere; for system admins. */
import { useState } from 'react';
import { CloudSyncOutlined, InboxOutlined } from '@ant-design/icons';
import { Button, Modal, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DeadLetter, ImComparison } from '../../../contract/im.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { useHouse, useHouseList, useHouseStep } from './api.js';

const SIZE = 20;

function Comparisons() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const list = useHouseList<ImComparison>('im/reports', { page, size: SIZE });
  const step = useHouseStep();
  return (
    <>
      <div className="filters is-titled">
        <h2>{t('tencent.comparisons')}</h2>
        <Button
          icon={<CloudSyncOutlined />}
          loading={step.isPending}
          data-testid="im-compare"
          onClick={() => {
            step.mutate({ path: 'im/reports', told: t('tencent.started') });
          }}
        >
          {t('tencent.compare')}
        </Button>
      </div>
      <PagedTable<ImComparison>
        query={list}
        failed={t('tencent.failed')}
        empty={{ icon: <CloudSyncOutlined />, title: t('tencent.none'), hint: t('tencent.noneHint') }}
        rowKey="id"
        columns={[
          { title: t('tencent.night'), dataIndex: 'id' },
          { title: t('tencent.state'), render: (_, row) => <Tag>{t(`tencent.is.${row.state}`)}</Tag> },
          { title: t('tencent.conversations'), dataIndex: 'conversations' },
          { title: t('tencent.fetched'), dataIndex: 'fetched' },
          { title: t('tencent.recalled'), dataIndex: 'recalled' },
          { title: t('tencent.resumed'), dataIndex: 'resumed' },
          { title: t('tencent.failures'), dataIndex: 'failures' },
          { title: t('tencent.begun'), render: (_, row) => dateTime(row.startedAt, now) },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
    </>
  );
}

/** What one callback says; looking is audited. */
function Letter({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const letter = useHouse<DeadLetter>(`im/dead-letters/${id}`);
  return (
    <Modal open width={760} title={t('tencent.letter')} footer={null} onCancel={close}>
      {letter.isError ? (
        <FailedState title={t('tencent.failed')} error={letter.error} retry={() => void letter.refetch()} />
      ) : letter.data ? (
        <pre className="letter">{JSON.stringify(letter.data.payload, null, 2)}</pre>
      ) : (
        <RowSkeletons rows={3} />
      )}
    </Modal>
  );
}

function Letters() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<string | null>(null);
  const list = useHouseList<DeadLetter>('im/dead-letters', { page, size: SIZE, state: 'KEPT' });
  const step = useHouseStep();
  return (
    <>
      <h2>{t('tencent.letters')}</h2>
      <PagedTable<DeadLetter>
        query={list}
        failed={t('tencent.failed')}
        empty={{ icon: <InboxOutlined />, title: t('tencent.noLetter') }}
        rowKey="id"
        columns={[
          { title: t('tencent.time'), render: (_, row) => dateTime(row.time, now) },
          { title: t('tencent.command'), dataIndex: 'command' },
          { title: t('tencent.reason'), dataIndex: 'reason' },
          { title: t('tencent.count'), dataIndex: 'count' },
          { title: t('tencent.attempts'), dataIndex: 'attempts' },
          {
            key: 'steps',
            render: (_, row) => (
              <span className="setting-buttons">
                <Button
                  size="small"
                  onClick={() => {
                    setOpen(row.id);
                  }}
                >
                  {t('tencent.look')}
                </Button>
                <Button
                  size="small"
                  onClick={() => {
                    step.mutate({ path: `im/dead-letters/${row.id}/retry`, told: t('tencent.retried') });
                  }}
                >
                  {t('tencent.retry')}
                </Button>
              </span>
            ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
      {open !== null && (
        <Letter
          id={open}
          close={() => {
            setOpen(null);
          }}
        />
      )}
    </>
  );
}

export function Tencent() {
  return (
    <>
      <Comparisons />
      <Letters />
    </>
  );
}
