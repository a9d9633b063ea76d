/** Beside the reports: how many places each hour of a day asks for, and what kind of contacts there were. */
import { useMemo, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DatePicker, InputNumber, Statistic, Table } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { DISPOSITIONS } from '../../../contract/enums.js';
import type { Contacts as Counted } from '../../../contract/session-record.js';
import type { Staffing as Answer } from '../../../contract/staffing.js';
import { get } from '../api/http.js';
import { Chart } from '../ui/chart.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { recordsOf, rosterOf } from '../ui/route.js';
import { roughSpan } from '../ui/time.js';
import { endOfDay, startOfDay, type Day } from '../ui/days.js';

const clockOf = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

export function Staffing() {
  const { t } = useTranslation();
  const [day, setDay] = useState<Day>(dayjs().add(1, 'day'));
  const [target, setTarget] = useState(60);
  const [share, setShare] = useState(80);
  const [weeks, setWeeks] = useState(4);
  const asked = { day: day.format('YYYY-MM-DD'), target, share: share / 100, weeks };
  const plan = useQuery({
    queryKey: ['staffing', asked],
    queryFn: ({ signal }) => get<Answer>('/api/v1/staffing', asked, signal),
    placeholderData: keepPreviousData,
  });
  const hours = plan.data?.hours;
  const option = useMemo(
    () => ({
      xAxis: { type: 'category', data: (hours ?? []).map(({ hour }) => clockOf(hour)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: (['needed', 'planned'] as const).map((name) => ({
        name: t(`staffing.${name}`),
        type: name === 'planned' ? 'line' : 'bar',
        step: name === 'planned' ? 'middle' : undefined,
        barMaxWidth: 24,
        data: (hours ?? []).map((row) => row[name]),
      })),
    }),
    [hours, t],
  );
  const number = (
    name: 'target' | 'share' | 'weeks',
    value: number,
    set: (value: number) => void,
    least: number,
    most: number,
  ) => (
    <label className="labelled">
      {t(`staffing.${name}`)}
      <InputNumber
        min={least}
        max={most}
        value={value}
        aria-label={t(`staffing.${name}`)}
        onChange={(next) => {
          if (next !== null) set(next);
        }}
      />
    </label>
  );
  return (
    <section className="panel-card is-wide" data-testid="staffing">
      <h2>{t('staffing.title')}</h2>
      <p className="state-hint is-plain">{t('staffing.hint')}</p>
      <div className="filters">
        <DatePicker
          value={day}
          allowClear={false}
          aria-label={t('staffing.day')}
          onChange={(chosen) => {
            if (chosen !== null) setDay(chosen);
          }}
        />
        {number('target', target, setTarget, 0, 3_600)}
        {number('share', share, setShare, 50, 99)}
        {number('weeks', weeks, setWeeks, 1, 26)}
      </div>
      {plan.isError && !plan.data ? (
        <FailedState title={t('reports.failed')} error={plan.error} retry={() => void plan.refetch()} />
      ) : plan.data === undefined ? (
        <RowSkeletons />
      ) : (
        <>
          <div className="figures">
            <Statistic title={t('staffing.counselors')} value={plan.data.counselors} />
            <Statistic title={t('staffing.handle')} value={roughSpan(plan.data.handle * 1_000)} />
            <Statistic
              title={t('staffing.shortHours')}
              value={plan.data.hours.filter(({ short }) => short > 0).length}
            />
          </div>
          <Chart
            label={t('staffing.chart', { day: plan.data.day })}
            option={option}
            height={280}
            opens={{
              label: t('staffing.opensRoster', { day: plan.data.day }),
              at: plan.data.hours.map(({ hour, needed }) => `${clockOf(hour)} ${String(needed)}`),
              // An hour to come has no list of its own: what answers it is the roster of its day.
              open: () => {
                location.hash = rosterOf(plan.data.day);
              },
            }}
          />
          <Table
            rowKey="hour"
            size="small"
            pagination={false}
            dataSource={plan.data.hours}
            columns={[
              { title: t('staffing.hour'), render: (_, row) => clockOf(row.hour), width: 90 },
              { title: t('staffing.arrivals'), render: (_, row) => row.arrivals.toFixed(1) },
              { title: t('staffing.needed'), dataIndex: 'needed' },
              { title: t('staffing.planned'), dataIndex: 'planned' },
              {
                title: t('staffing.short'),
                render: (_, { short }) =>
                  short > 0 ? (
                    <b className="warn-words">{t('staffing.lacks', { n: short })}</b>
                  ) : (
                    t('common.none')
                  ),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}

/** @param days the range that the page shows */
export function Contacts({ days }: { days: readonly [Day, Day] }) {
  const { t } = useTranslation();
  const from = startOfDay(days[0]);
  const to = endOfDay(days[1]) + 1;
  const counted = useQuery({
    queryKey: ['contacts', from, to],
    queryFn: ({ signal }) => get<Counted>('/api/v1/contacts', { from, to }, signal),
    placeholderData: keepPreviousData,
  });
  const by = counted.data?.byDisposition;
  const option = useMemo(
    () => ({
      legend: { show: false },
      xAxis: { type: 'category', data: DISPOSITIONS.map((kind) => t(`disposition.${kind}`)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'bar', barMaxWidth: 36, data: DISPOSITIONS.map((kind) => by?.[kind] ?? 0) }],
    }),
    [by, t],
  );
  return (
    <section className="panel-card is-wide" data-testid="contacts">
      <h2>{t('staffing.contacts')}</h2>
      {counted.isError && !counted.data ? (
        <FailedState title={t('reports.failed')} error={counted.error} retry={() => void counted.refetch()} />
      ) : (
        <>
          <div className="figures">
            <Statistic title={t('staffing.recorded')} value={counted.data?.recorded ?? '—'} />
            <Statistic title={t('staffing.valid')} value={counted.data?.valid ?? '—'} />
            <Statistic title={t('staffing.invalid')} value={counted.data?.invalid ?? '—'} />
          </div>
          <Chart
            label={t('staffing.contacts')}
            option={option}
            opens={{
              label: t('staffing.opensContacts'),
              at: DISPOSITIONS.map((kind) => `${t(`disposition.${kind}`)} ${String(by?.[kind] ?? 0)}`),
              open: (index) => {
                const disposition = DISPOSITIONS[index];
                if (disposition === undefined) return;
                location.hash = recordsOf({
                  from: days[0].format('YYYY-MM-DD'),
                  to: days[1].format('YYYY-MM-DD'),
                  disposition,
                });
              },
            }}
          />
        </>
      )}
    </section>
  );
}
