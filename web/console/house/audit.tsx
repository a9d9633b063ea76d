/** 审计: who did what, newest first, and whether the chain of entries is whole. */
import { useState } from 'react';
import { AuditOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, Button, DatePicker, Input, Space, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AuditCheck, AuditLine } from '../../../contract/audit.js';
import { endOfDay, startOfDay, type Day } from '../ui/days.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useHouseList, useHouseStep, useWhose } from './api.js';

const SIZE = 50;

function Check() {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<AuditCheck | null>(null);
  const [noted, setNoted] = useState('');
  const step = useHouseStep<AuditCheck>(setVerdict);
  const whose = useWhose();
  const [number, link] = noted.trim().split(/\s+/);
  return (
    <Space orientation="vertical" className="wide">
      <Space wrap>
        <Button
          icon={<SafetyCertificateOutlined />}
          loading={step.isPending}
          data-testid="audit-check"
          onClick={() => {
            step.mutate({
              path: 'audit/check',
              body: { ...whose, ...(noted.trim() !== '' && { number: Number(number), link: link ?? '' }) },
            });
          }}
        >
          {t('audit.check')}
        </Button>
        <Input
          allowClear
          className="audit-noted"
          value={noted}
          placeholder={t('audit.noted')}
          aria-label={t('audit.noted')}
          onChange={(event) => {
            setNoted(event.target.value);
          }}
        />
      </Space>
      {verdict !== null && (
        <Alert
          showIcon
          type={verdict.fault === null ? 'success' : 'error'}
          data-testid="audit-verdict"
          title={
            verdict.fault === null
              ? t('audit.whole', { number: verdict.number })
              : t(`audit.fault.${verdict.fault}`, { number: verdict.number })
          }
          description={
            verdict.link !== null && (
              <Typography.Text copyable code>{`${String(verdict.number)} ${verdict.link}`}</Typography.Text>
            )
          }
        />
      )}
    </Space>
  );
}

export function Audit() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const [action, setAction] = useState('');
  const [subject, setSubject] = useState('');
  const [days, setDays] = useState<[Day, Day] | null>(null);
  const list = useHouseList<AuditLine>('audit', {
    ...useWhose(),
    ...{ page, size: SIZE, action, subject },
    from: days === null ? undefined : startOfDay(days[0]),
    to: days === null ? undefined : endOfDay(days[1]) + 1,
  });
  const words: Record<string, string> = t('audit.action', { returnObjects: true });
  return (
    <>
      <Check />
      <div className="filters">
        <Input.Search
          allowClear
          placeholder={t('audit.byAction')}
          aria-label={t('audit.byAction')}
          data-testid="audit-action"
          onSearch={(value) => {
            setAction(value.trim());
            setPage(1);
          }}
        />
        <Input.Search
          allowClear
          placeholder={t('audit.bySubject')}
          aria-label={t('audit.bySubject')}
          onSearch={(value) => {
            setSubject(value.trim());
            setPage(1);
          }}
        />
        <DatePicker.RangePicker
          aria-label={t('audit.days')}
          value={days}
          onChange={(range) => {
            setDays(range?.[0] && range[1] ? [range[0], range[1]] : null);
            setPage(1);
          }}
        />
      </div>
      <PagedTable<AuditLine>
        query={list}
        failed={t('audit.failed')}
        empty={{ icon: <AuditOutlined />, title: t('audit.none'), hint: t('audit.noneHint') }}
        rowKey="number"
        columns={[
          { title: t('audit.number'), dataIndex: 'number' },
          { title: t('audit.time'), render: (_, row) => dateTime(row.time, now) },
          {
            title: t('audit.who'),
            render: (_, row) => (row.actor === null ? t('audit.platform') : (row.actorName ?? row.actor)),
          },
          {
            title: t('audit.what'),
            render: (_, row) => (
              <span title={row.action}>{words[row.action.replace('.', '_')] ?? row.action}</span>
            ),
          },
          { title: t('audit.subject'), render: (_, row) => <code>{row.subject}</code> },
          { title: t('audit.reason'), render: (_, row) => row.reason ?? t('common.none') },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
    </>
  );
}
