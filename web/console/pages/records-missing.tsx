/** Sessions that ended more than a day ago and have no record; their counselor writes it from here. */
import { useState } from 'react';
import { CheckCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { MissingRecord } from '../../../contract/session-record.js';
import { useCareList } from '../care/api.js';
import { useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { go } from '../ui/route.js';
import { dateTime, roughSpan } from '../ui/time.js';

const SIZE = 20;
const PATH = 'records-missing';

/** How many there are; null until known. */
export function useMissingCount(): number | null {
  return useCareList<MissingRecord>(PATH, { page: 1, size: SIZE }).data?.count ?? null;
}

export function MissingRecords() {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const list = useCareList<MissingRecord>(PATH, { page, size: SIZE });
  return (
    <PagedTable<MissingRecord>
      query={list}
      failed={t('records.failed')}
      empty={{ icon: <CheckCircleOutlined />, title: t('record.noneMissing'), hint: t('record.missingHint') }}
      rowKey="conversationId"
      columns={[
        { title: t('records.visitor'), render: (_, row) => row.visitorName ?? t('common.unnamed') },
        { title: t('records.counselor'), render: (_, row) => row.counselorName ?? t('common.none') },
        { title: t('visitor.ended'), render: (_, row) => dateTime(row.endTime, now) },
        { title: t('record.since'), render: (_, row) => roughSpan(now - row.endTime) },
        {
          key: 'open',
          render: (_, row) => {
            const own = row.counselor === me.id;
            return (
              <Button
                size="small"
                type={own ? 'primary' : 'default'}
                data-testid="missing-open"
                onClick={() => {
                  go(own ? 'workbench' : 'records', row.conversationId);
                }}
              >
                {t(own ? 'record.write' : 'records.transcript')}
              </Button>
            );
          },
        },
      ]}
      page={page}
      size={SIZE}
      turn={setPage}
    />
  );
}
