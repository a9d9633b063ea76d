/** 风险: open cases, what waits for a signature, follow-ups that are due; a case opens in a drawer. */
import { useState } from 'react';
import { CheckCircleOutlined } from '@ant-design/icons';
import { Drawer, Segmented, Tabs, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { CASE_STATUSES, FOLLOW_UP_STATES } from '../../../contract/enums.js';
import type { FollowUp, RiskCase } from '../../../contract/risk.js';
import { useCareList, useWholeCase } from '../care/api.js';
import { Band } from '../care/band.js';
import { useFollowUpColumns } from '../care/follow-ups.js';
import { Missing, RiskCasePanel } from '../care/risk-case.js';
import { Scale } from '../care/scale.js';
import { isAdmin, useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { PagedTable, QueryTable } from '../ui/query-table.js';
import { go } from '../ui/route.js';
import { dateTime } from '../ui/time.js';
import { PageFrame } from './page-frame.js';

const SIZE = 20;
/** Enough to look through for what lacks nothing but a signature: the server has no list of these. */
const MANY = 200;

function CaseTable({ signOffs = false }: { signOffs?: boolean }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [status, setStatus] = useState<(typeof CASE_STATUSES)[number]>('OPEN');
  const [page, setPage] = useState(1);
  const list = useCareList<RiskCase>('risk-cases', {
    status: signOffs ? 'OPEN' : status,
    page,
    size: signOffs ? MANY : SIZE,
  });
  const rows = (list.data?.rows ?? []).filter(
    ({ missing }) => !signOffs || (missing.length === 1 && missing[0] === 'SIGN_OFF'),
  );
  const columns: TableColumnsType<RiskCase> = [
    {
      title: t('records.visitor'),
      render: (_, row) => (
        <a href={`#/risk/${row.id}`} data-testid="case-open">
          {row.visitorName ?? t('common.unnamed')}
        </a>
      ),
    },
    { title: t('risk.owner'), render: (_, row) => row.ownerName ?? t('common.none') },
    { title: t('risk.title'), render: (_, row) => <Band band={row.band} score={row.score} /> },
    { title: t('risk.source.label'), render: (_, row) => t(`risk.source.${row.source}`) },
    { title: t('risk.opened'), render: (_, row) => dateTime(row.openedTime, now) },
    { title: t('risk.missing.label'), render: (_, row) => <Missing row={row} /> },
  ];
  return (
    <>
      {!signOffs && (
        <div className="filters">
          <Segmented
            value={status}
            aria-label={t('risk.status.label')}
            options={CASE_STATUSES.map((value) => ({ value, label: t(`risk.status.${value}`) }))}
            onChange={(value) => {
              setStatus(value);
              setPage(1);
            }}
          />
        </div>
      )}
      <QueryTable<RiskCase>
        query={list}
        failed={t('risk.failed')}
        empty={{ icon: <CheckCircleOutlined />, title: t('risk.noCases'), hint: t('risk.noCasesHint') }}
        rowKey="id"
        columns={columns}
        dataSource={rows}
        onRow={(row) => ({
          className: 'is-clickable',
          onClick: () => {
            go('risk', row.id);
          },
        })}
        pagination={
          signOffs
            ? false
            : {
                current: page,
                pageSize: SIZE,
                total: list.data?.count ?? 0,
                hideOnSinglePage: true,
                onChange: setPage,
              }
        }
      />
    </>
  );
}

const STATES = ['OVERDUE', ...FOLLOW_UP_STATES] as const;

function FollowUps() {
  const { t } = useTranslation();
  const [state, setState] = useState<(typeof STATES)[number]>('OPEN');
  const [page, setPage] = useState(1);
  const list = useCareList<FollowUp>('follow-ups', { state, page, size: SIZE });
  const columns = useFollowUpColumns();
  return (
    <>
      <div className="filters">
        <Segmented
          value={state}
          aria-label={t('risk.state.label')}
          options={STATES.map((value) => ({
            value,
            label: <span data-testid={`follow-ups-${value}`}>{t(`risk.state.${value}`)}</span>,
          }))}
          onChange={(value) => {
            setState(value);
            setPage(1);
          }}
        />
      </div>
      <PagedTable<FollowUp>
        query={list}
        failed={t('risk.failed')}
        empty={{
          icon: <CheckCircleOutlined />,
          title: t('risk.noFollowUps'),
          hint: t('risk.noFollowUpsHint'),
        }}
        rowKey="id"
        columns={[
          {
            title: t('records.visitor'),
            render: (_, row) => <a href={`#/risk/${row.case}`}>{row.visitorName ?? t('common.unnamed')}</a>,
          },
          ...columns,
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
        total={(total) => t('risk.total', { total })}
      />
    </>
  );
}

export default function RiskPage({ caseId }: { caseId: string | null }) {
  const { t } = useTranslation();
  return (
    <PageFrame title={t('risk.title')} hint={t('risk.hint')}>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'cases', label: t('risk.tab.cases'), children: <CaseTable /> },
          {
            key: 'sign-offs',
            label: <span data-testid="tab-sign-offs">{t('risk.tab.signOffs')}</span>,
            children: <CaseTable signOffs />,
          },
          {
            key: 'follow-ups',
            label: <span data-testid="tab-follow-ups">{t('risk.tab.followUps')}</span>,
            children: <FollowUps />,
          },
        ]}
      />
      <Drawer
        open={caseId !== null}
        onClose={() => {
          go('risk');
        }}
        title={t('risk.case')}
        size={Math.min(560, window.innerWidth)}
        destroyOnHidden
      >
        {caseId !== null && <OneCase id={caseId} />}
      </Drawer>
    </PageFrame>
  );
}

function OneCase({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const session = useWholeCase(id).data?.conversationId;
  return (
    <div className="visitor-pane">
      <RiskCasePanel id={id} />
      {session !== undefined && (
        <>
          <Scale session={session} mayFill={!isAdmin(me)} />
          <a href={`#/records/${session}`}>{t('records.transcript')}</a>
        </>
      )}
    </div>
  );
}
