/** 报表: the four documented figures, and the rollups of any range by hour or day, by counselor, beside each other. */
import { useMemo, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DatePicker, Segmented, Statistic, Table, type TableColumnsType } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { Figures, Report } from '../../../contract/report.js';
import type { DayCount, NumberRank, RatedRank, TodayChange } from '../../../contract/statistics.js';
import { get } from '../api/http.js';
import { mayPlan, useMe } from '../state/session.js';
import { Chart } from '../ui/chart.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { DAY, roughSpan, shortDay } from '../ui/time.js';
import { dayText, endOfDay, startOfDay, type Day } from '../ui/days.js';
import { recordsOf } from '../ui/route.js';
import { PageFrame } from './page-frame.js';
import { Contacts, Staffing } from './staffing.js';

const percent = (part: number | null) => (part === null ? '—' : `${String(Math.round(part * 100))}%`);
const seconds = (value: number | null) => (value === null ? '—' : roughSpan(value * 1_000));
const rating = (value: number | null) => value?.toFixed(2) ?? '—';
const LONGEST_BY_HOUR = 31 * DAY;

function Today() {
  const { t } = useTranslation();
  const change = useQuery({
    queryKey: ['todaychange'],
    queryFn: ({ signal }) => get<TodayChange>('/conversation/todaychange', undefined, signal),
    refetchInterval: 60_000,
  });
  const week = useQuery({
    queryKey: ['7statistics'],
    queryFn: ({ signal }) => get<DayCount[]>('/conversation/7statistics', undefined, signal),
  });
  const option = useMemo(
    () => ({
      legend: { show: false },
      xAxis: { type: 'category', data: (week.data ?? []).map(({ date }) => date.slice(5)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'bar', barMaxWidth: 36, data: (week.data ?? []).map(({ count }) => count) }],
    }),
    [week.data],
  );
  return (
    <section className="panel-card">
      <h2>{t('reports.week')}</h2>
      <div className="figures">
        <Statistic title={t('reports.today')} value={change.data?.today ?? '—'} />
        <Statistic title={t('reports.yesterday')} value={change.data?.yesterday ?? '—'} />
        <Statistic title={t('reports.change')} value={percent(change.data?.rate ?? null)} />
      </div>
      <Chart
        label={t('reports.week')}
        option={option}
        opens={{
          label: t('reports.opens', { of: t('reports.week') }),
          at: (week.data ?? []).map(({ date, count }) => `${date} ${String(count)}`),
          open: (index) => {
            const date = week.data?.[index]?.date;
            if (date !== undefined) location.hash = recordsOf({ from: date, to: date });
          },
        }}
      />
    </section>
  );
}

function Ranking() {
  const { t } = useTranslation();
  const [by, setBy] = useState<'numberranking' | 'ratedranking'>('numberranking');
  const list = useQuery({
    queryKey: [by],
    queryFn: ({ signal }) =>
      get<(NumberRank & Partial<RatedRank>)[]>(`/conversation/${by}`, undefined, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="panel-card">
      <h2>{t('reports.ranking')}</h2>
      <Segmented
        value={by}
        aria-label={t('reports.ranking')}
        options={[
          { value: 'numberranking', label: t('reports.byNumber') },
          { value: 'ratedranking', label: t('reports.byRating') },
        ]}
        onChange={setBy}
      />
      <Table
        rowKey="counselor"
        size="small"
        pagination={{ pageSize: 8, hideOnSinglePage: true }}
        loading={list.isPending}
        dataSource={list.data ?? []}
        columns={[
          { title: t('reports.rank'), dataIndex: 'rank', width: 72 },
          {
            title: t('reports.counselor'),
            render: (_, row) => (
              <a href={recordsOf({ counselor: row.counselor, name: row.name })}>
                {row.name ?? t('common.unnamed')}
              </a>
            ),
          },
          { title: t('reports.count'), dataIndex: 'count' },
          ...(by === 'ratedranking'
            ? [
                {
                  title: t('reports.rating'),
                  render: (_: unknown, row: Partial<RatedRank>) => row.average?.toFixed(2),
                },
              ]
            : []),
        ]}
      />
    </section>
  );
}

const FIGURES = {
  arrivals: ({ arrivals }: Figures) => arrivals,
  begun: ({ begun }: Figures) => begun,
  abandonRate: ({ abandonRate }: Figures) => percent(abandonRate),
  waitAverage: ({ waitAverage }: Figures) => seconds(waitAverage),
  replyAverage: ({ replyAverage }: Figures) => seconds(replyAverage),
  handleAverage: ({ handleAverage }: Figures) => seconds(handleAverage),
  occupancy: ({ occupancy }: Figures) => percent(occupancy),
  ratingAverage: ({ ratingAverage }: Figures) => rating(ratingAverage),
};
const FIGURE_NAMES = Object.keys(FIGURES) as (keyof typeof FIGURES)[];

function Range({ days, setDays }: { days: [Day, Day]; setDays: (days: [Day, Day]) => void }) {
  const { t } = useTranslation();
  const [grain, setGrain] = useState<'day' | 'hour'>('day');
  const from = startOfDay(days[0]);
  const to = endOfDay(days[1]) + 1;
  const byHour = grain === 'hour' && to - from <= LONGEST_BY_HOUR;
  const report = useQuery({
    queryKey: ['statistics', from, to, byHour],
    queryFn: ({ signal }) =>
      get<Report>('/api/v1/statistics', { from, to, grain: byHour ? 'hour' : 'day' }, signal),
    placeholderData: keepPreviousData,
  });
  const series = report.data?.series;
  const option = useMemo(
    () => ({
      xAxis: {
        type: 'category',
        data: (series ?? []).map(({ at }) =>
          byHour ? `${shortDay(at)} ${String(new Date(at + 28_800_000).getUTCHours())}:00` : shortDay(at),
        ),
      },
      yAxis: { type: 'value', minInterval: 1 },
      series: (['arrivals', 'begun', 'abandoned'] as const).map((name) => ({
        name: t(`reports.figure.${name}`),
        type: name === 'arrivals' ? 'line' : 'bar',
        barMaxWidth: 24,
        data: (series ?? []).map((step) => step[name]),
      })),
    }),
    [series, byHour, t],
  );
  type Row = Report['counselors'][number];
  const columns: TableColumnsType<Row> = [
    {
      title: t('reports.counselor'),
      render: (_, row) => (
        <a
          data-testid="report-counselor"
          href={recordsOf({
            from: days[0].format('YYYY-MM-DD'),
            to: days[1].format('YYYY-MM-DD'),
            counselor: row.counselor,
            name: row.name,
          })}
        >
          {row.name ?? t('common.unnamed')}
        </a>
      ),
    },
    { title: t('reports.figure.begun'), dataIndex: 'begun' },
    { title: t('reports.figure.handleAverage'), render: (_, row) => seconds(row.handleAverage) },
    { title: t('reports.figure.replyAverage'), render: (_, row) => seconds(row.replyAverage) },
    { title: t('reports.figure.occupancy'), render: (_, row) => percent(row.occupancy) },
    { title: t('reports.figure.ratingAverage'), render: (_, row) => rating(row.ratingAverage) },
  ];
  return (
    <section className="panel-card is-wide" data-testid="report">
      <div className="filters">
        <DatePicker.RangePicker
          value={days}
          allowClear={false}
          aria-label={t('reports.range')}
          onChange={(range) => {
            if (range?.[0] && range[1]) setDays([range[0], range[1]]);
          }}
        />
        <Segmented
          value={grain}
          aria-label={t('reports.grain')}
          options={[
            { value: 'day', label: t('reports.day') },
            { value: 'hour', label: t('reports.hour'), disabled: to - from > LONGEST_BY_HOUR },
          ]}
          onChange={setGrain}
        />
      </div>
      {report.isError && !report.data ? (
        <FailedState title={t('reports.failed')} error={report.error} retry={() => void report.refetch()} />
      ) : report.data === undefined ? (
        <RowSkeletons />
      ) : (
        <>
          <div className="figures">
            {FIGURE_NAMES.map((name) => (
              <Statistic
                key={name}
                title={t(`reports.figure.${name}`)}
                value={FIGURES[name](report.data.totals)}
              />
            ))}
          </div>
          <Chart
            label={t('reports.series')}
            option={option}
            height={300}
            opens={{
              label: t('reports.opens', { of: t('reports.series') }),
              at: (series ?? []).map(({ at, arrivals }) => `${dayText(at)} ${String(arrivals)}`),
              open: (index) => {
                const step = series?.[index];
                if (step) location.hash = recordsOf({ from: dayText(step.at), to: dayText(step.at) });
              },
            }}
          />
          <Table<Row>
            rowKey="counselor"
            size="small"
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            columns={columns}
            dataSource={report.data.counselors}
          />
        </>
      )}
    </section>
  );
}

export default function ReportsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [days, setDays] = useState<[Day, Day]>([dayjs().subtract(13, 'day'), dayjs()]);
  return (
    <PageFrame title={t('reports.title')} hint={t('reports.hint')}>
      <div className="reports">
        <Today />
        <Ranking />
        <Range days={days} setDays={setDays} />
        <Contacts days={days} />
        {mayPlan(me) && <Staffing />}
      </div>
    </PageFrame>
  );
}
