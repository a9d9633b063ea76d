/** 排班: who is on duty on a day; supervisors and admins add to it and take out of it. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { LeftOutlined, PlusOutlined, RightOutlined, ScheduleOutlined } from '@ant-design/icons';
import { Button, DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { DutyRow } from '../../../contract/arrange.js';
import { getPage } from '../api/http.js';
import { mayPlan, useMe } from '../state/session.js';
import { serverNow } from '../ui/now.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { fullDate } from '../ui/time.js';
import { dayFrom, startOfDay, type Day } from '../ui/days.js';
import { queryOfAddress } from '../ui/route.js';
import { PageFrame } from './page-frame.js';
import { AddToRoster } from './roster-add.js';
import { RosterCard } from './roster-card.js';
import { RosterWeek } from './roster-week.js';

export type RosterKind = 'COUNSELOR' | 'SUPERVISOR';

/** Today in Shanghai, as a calendar day. */
const today = (): Day =>
  dayjs(new Date(serverNow()).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }));

function useTheDay(timestamp: number, type: RosterKind) {
  return useQuery({
    queryKey: ['roster', timestamp, type],
    queryFn: ({ signal }) => getPage<DutyRow>('/arrange/theday', { timestamp, type, size: 200 }, signal),
    // States change all day long, and nothing tells them to this page yet.
    refetchInterval: 30_000,
  });
}

function Column({ kind, timestamp, planning }: { kind: RosterKind; timestamp: number; planning: boolean }) {
  const { t } = useTranslation();
  const list = useTheDay(timestamp, kind);
  const title = kind === 'COUNSELOR' ? t('roster.counselors') : t('roster.supervisors');
  return (
    <section className="roster-column" aria-label={title} data-testid={`roster-${kind}`}>
      <h2>
        {title}
        {list.data && <small>{t('roster.onDuty', { count: list.data.count })}</small>}
      </h2>
      {list.isPending ? (
        <RowSkeletons rows={4} />
      ) : list.isError && !list.data ? (
        <FailedState title={t('roster.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : list.data.rows.length === 0 ? (
        <EmptyState
          icon={<ScheduleOutlined />}
          title={kind === 'COUNSELOR' ? t('roster.emptyCounselors') : t('roster.emptySupervisors')}
          hint={planning ? t('roster.emptyHint') : t('roster.emptyHintReader')}
        />
      ) : (
        <ul className="roster-cards">
          {list.data.rows.map((row) => (
            <li key={row.id}>
              <RosterCard row={row} kind={kind} planning={planning} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export default function RosterPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [day, setDay] = useState(() => dayFrom(queryOfAddress().get('day')) ?? today());
  const [span, setSpan] = useState<'day' | 'week'>('day');
  const [adding, setAdding] = useState(false);
  const timestamp = startOfDay(day);
  const planning = mayPlan(me);
  const move = (days: number) => {
    setDay((before) => before.add(days * (span === 'week' ? 7 : 1), 'day'));
  };
  return (
    <PageFrame
      title={t('roster.title')}
      hint={fullDate(timestamp)}
      tools={
        <>
          <Segmented
            value={span}
            aria-label={t('roster.span')}
            data-testid="roster-span"
            options={[
              { value: 'day', label: t('roster.oneDay') },
              { value: 'week', label: t('roster.week') },
            ]}
            onChange={setSpan}
          />
          <Button
            icon={<LeftOutlined />}
            aria-label={t(span === 'week' ? 'roster.previousWeek' : 'roster.previousDay')}
            data-testid="day-before"
            onClick={() => {
              move(-1);
            }}
          />
          <DatePicker
            value={day}
            allowClear={false}
            aria-label={t('roster.day')}
            onChange={(next) => {
              if (next) setDay(next);
            }}
          />
          <Button
            icon={<RightOutlined />}
            aria-label={t(span === 'week' ? 'roster.nextWeek' : 'roster.nextDay')}
            data-testid="day-after"
            onClick={() => {
              move(1);
            }}
          />
          <Button
            disabled={startOfDay(today()) === timestamp}
            data-testid="day-today"
            onClick={() => {
              setDay(today());
            }}
          >
            {t('roster.today')}
          </Button>
          {planning && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              data-testid="roster-add"
              onClick={() => {
                setAdding(true);
              }}
            >
              {t('roster.add')}
            </Button>
          )}
        </>
      }
    >
      {span === 'week' ? (
        <>
          {planning && <p className="state-hint is-plain">{t('roster.dragHint')}</p>}
          <RosterWeek kind="COUNSELOR" day={day} planning={planning} />
          <RosterWeek kind="SUPERVISOR" day={day} planning={planning} />
        </>
      ) : (
        <div className="roster">
          <Column kind="COUNSELOR" timestamp={timestamp} planning={planning} />
          <Column kind="SUPERVISOR" timestamp={timestamp} planning={planning} />
        </div>
      )}
      <AddToRoster
        open={adding}
        timestamp={timestamp}
        close={() => {
          setAdding(false);
        }}
      />
    </PageFrame>
  );
}
