/** 系统状况: what the platform knows of its own state. Green asks for nothing; a red line says what to do. */
import { CheckCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons';
import { Alert, Table, type TableProps } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Health, HealthCheck } from '../../../contract/health.js';
import { get } from '../api/http.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { megabytes } from '../ui/size.js';
import { clock, dateTime } from '../ui/time.js';
import { HOUSE } from './api.js';

const AGAIN_MS = 15_000;

function Check({ check: { id, ok, value } }: { check: HealthCheck }) {
  const { t } = useTranslation();
  return (
    <li className={`check ${ok ? '' : 'is-red'}`} data-testid={`health-${id}`} data-ok={ok}>
      {ok ? <CheckCircleOutlined /> : <ExclamationCircleOutlined />}
      <span className="check-name">
        {t(`health.check.${id}`)}
        {!ok && <small>{t(`health.todo.${id}`)}</small>}
      </span>
      <span className="number">{value === null ? '' : t(`health.value.${id}`, { value })}</span>
      <strong>{t(ok ? 'health.ok' : 'health.bad')}</strong>
    </li>
  );
}

interface WholeProps {
  whole: NonNullable<Health['whole']>;
  node: string;
  time: number;
}

/** Few rows of figures, all shown at once. */
const Figures = <Row extends object>(props: TableProps<Row>) => (
  <Table size="middle" scroll={{ x: 'max-content' }} pagination={false} {...props} />
);

function Whole({ whole, node, time }: WholeProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="filters is-titled">
        <h2>{t('health.queues')}</h2>
        <a href="/ops/queues" target="_blank" rel="noreferrer">
          {t('health.board')}
        </a>
      </div>
      <Figures
        rowKey="name"
        locale={{ emptyText: t('health.noQueues') }}
        dataSource={whole.queues}
        columns={[
          {
            title: t('health.queue'),
            render: (_, row) => t(`health.queueName.${row.name}` as 'health.queueName.notice'),
          },
          { title: t('health.waiting'), dataIndex: 'waiting', align: 'right' },
          { title: t('health.active'), dataIndex: 'active', align: 'right' },
          { title: t('health.delayed'), dataIndex: 'delayed', align: 'right' },
          { title: t('health.failed'), dataIndex: 'failed', align: 'right' },
          {
            title: t('health.oldest'),
            align: 'right',
            render: (_, row) => t('health.seconds', { value: row.oldestSeconds }),
          },
        ]}
      />
      <h2>{t('health.outboxes')}</h2>
      <Figures
        rowKey="channel"
        dataSource={whole.outbox}
        columns={[
          { title: t('health.channel'), render: (_, row) => t(`health.channels.${row.channel}`) },
          { title: t('health.waiting'), dataIndex: 'waiting', align: 'right' },
          { title: t('health.dead'), dataIndex: 'dead', align: 'right' },
        ]}
      />
      <h2>{t('health.backups')}</h2>
      <p className="state-hint is-plain">{t('health.backupsHint')}</p>
      <Figures
        data-testid="health-backups"
        rowKey="part"
        locale={{ emptyText: t('health.noBackup') }}
        dataSource={whole.backups}
        columns={[
          { title: t('health.part'), render: (_, row) => t(`health.parts.${row.part}`) },
          { title: t('health.backedUp'), render: (_, row) => dateTime(row.at, time) },
          { title: t('health.documents'), dataIndex: 'documents', align: 'right' },
          { title: t('health.files'), dataIndex: 'files', align: 'right' },
          { title: t('health.size'), align: 'right', render: (_, row) => megabytes(row.bytes) },
        ]}
      />
      <h2>{t('health.nodes')}</h2>
      <p className="state-hint is-plain">{t('health.nodesHint')}</p>
      <Figures
        rowKey="node"
        dataSource={whole.nodes}
        columns={[
          {
            title: t('health.node'),
            render: (_, row) => (row.node === node ? t('health.thisNode', { node }) : row.node),
          },
          { title: t('health.people'), dataIndex: 'people', align: 'right' },
        ]}
      />
      <p className="state-hint is-plain">{t('health.engines', whole.engines)}</p>
    </>
  );
}

export function HealthTab() {
  const { t } = useTranslation();
  const health = useQuery({
    queryKey: [HOUSE, 'health'],
    queryFn: ({ signal }) => get<Health>('/api/v1/health', undefined, signal),
    refetchInterval: AGAIN_MS,
  });
  if (health.isError)
    return (
      <FailedState title={t('health.unreachable')} error={health.error} retry={() => void health.refetch()} />
    );
  if (!health.data) return <RowSkeletons />;
  const { checks, whole, node, version, time } = health.data;
  const bad = checks.filter(({ ok }) => !ok);
  return (
    <div data-testid="health">
      <Alert
        type={bad.length === 0 ? 'success' : 'error'}
        showIcon
        title={bad.length === 0 ? t('health.fine') : t('health.wrong', { count: bad.length })}
        description={t('health.seen', { time: clock(time), version })}
      />
      <ul className="checks">
        {[...bad, ...checks.filter(({ ok }) => ok)].map((check) => (
          <Check key={check.id} check={check} />
        ))}
      </ul>
      {whole && <Whole whole={whole} node={node} time={time} />}
    </div>
  );
}
