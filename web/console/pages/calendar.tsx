/** 日历: booking hours, duty and stops side by side, with a warning where they collide; a counselor edits their own. */
import { useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Alert,
  App,
  Button,
  DatePicker,
  Input,
  Modal,
  Switch,
  Table,
  Tag,
  type TableColumnsType,
} from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { CalendarRow } from '../../../contract/consultant/calendar.js';
import type { StopRow } from '../../../contract/consultant/schedule.js';
import { consult, upload } from '../api/consultant.js';
import { get } from '../api/http.js';
import { isCounselor, useMe } from '../state/session.js';
import { sentenceOf } from '../ui/problem.js';
import { SheetUpload } from '../ui/sheet-upload.js';
import { FailedState } from '../ui/states.js';
import type { Day } from '../ui/days.js';
import { PageFrame } from './page-frame.js';

const DAY = 'YYYY-MM-DD';
type Editing = { what: 'hours'; day: Day; text: string } | { what: 'stops'; text: string } | null;

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export default function CalendarPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [month, setMonth] = useState<Day>(() => dayjs());
  const [onlyClashes, setOnlyClashes] = useState(false);
  const [editing, setEditing] = useState<Editing>(null);
  const list = useQuery({
    queryKey: ['calendar', month.format('YYYY-MM')],
    queryFn: ({ signal }) =>
      get<CalendarRow[]>(
        '/api/v1/calendar',
        { from: month.startOf('month').format(DAY), to: month.endOf('month').format(DAY) },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  const said = {
    onSuccess: async () => {
      void message.success(t('calendar.saved'));
      setEditing(null);
      await queryClient.invalidateQueries({ queryKey: ['calendar'] });
    },
    onError: (error: unknown) => void message.error(sentenceOf(error), 8),
  };
  const save = useMutation({
    mutationFn: (edited: NonNullable<Editing>) =>
      edited.what === 'hours'
        ? consult(me.userID, 'schedule/work/update', {
            user_id: me.userID,
            year: edited.day.year(),
            month: edited.day.month() + 1,
            date: edited.day.date(),
            work_schedules: linesOf(edited.text),
          })
        : consult(me.userID, 'schedule/stop/update', {
            stop_schedules: linesOf(edited.text).map((line) => {
              const [start = '', end = start] = line.split('至').map((part) => part.trim());
              return { start_time: start, end_time: end };
            }),
          }),
    ...said,
  });
  const uploading = useMutation({
    mutationFn: (file: File) => upload(me.userID, 'schedule/upload', file),
    ...said,
  });
  const editHours = (day: Day) => {
    const own = list.data?.find((row) => row.userID === me.userID && row.day === day.format(DAY));
    setEditing({ what: 'hours', day, text: own?.hours.join('\n') ?? '' });
  };
  const editStops = async () => {
    try {
      const stops = await consult<StopRow[]>(me.userID, 'schedule/stop');
      const text = stops.map(({ start_time, end_time }) => `${start_time} 至 ${end_time}`).join('\n');
      setEditing({ what: 'stops', text });
    } catch (error) {
      void message.error(sentenceOf(error));
    }
  };
  const spans = (texts: string[]) => texts.join('、') || t('common.none');
  const columns: TableColumnsType<CalendarRow> = [
    { title: t('calendar.day'), dataIndex: 'day' },
    { title: t('calendar.person'), dataIndex: 'name' },
    {
      title: t('calendar.duty'),
      render: (_, row) => (row.onDuty ? <Tag>{t('calendar.onDuty')}</Tag> : null),
    },
    { title: t('calendar.hours'), render: (_, row) => spans(row.hours) },
    { title: t('calendar.orders'), render: (_, row) => spans(row.orders) },
    { title: t('calendar.stops'), render: (_, row) => spans(row.stops) },
    {
      title: t('calendar.clashes'),
      render: (_, row) =>
        row.clashes.map(({ kind, message: words }) => (
          <Alert key={kind} type="warning" showIcon title={words} data-testid={`clash-${kind}`} />
        )),
    },
  ];
  return (
    <PageFrame
      title={t('calendar.title')}
      hint={t('calendar.hint')}
      tools={
        <>
          <DatePicker
            picker="month"
            value={month}
            allowClear={false}
            aria-label={t('calendar.month')}
            onChange={(next) => {
              if (next) setMonth(next);
            }}
          />
          <Switch
            checked={onlyClashes}
            onChange={setOnlyClashes}
            aria-label={t('calendar.onlyClashes')}
            checkedChildren={t('calendar.onlyClashes')}
            unCheckedChildren={t('calendar.onlyClashes')}
          />
          {isCounselor(me) && (
            <>
              <Button
                data-testid="edit-hours"
                onClick={() => {
                  editHours(dayjs());
                }}
              >
                {t('calendar.editHours')}
              </Button>
              <Button data-testid="edit-stops" onClick={() => void editStops()}>
                {t('calendar.editStops')}
              </Button>
              <SheetUpload busy={uploading.isPending} onFile={uploading.mutate}>
                {t('calendar.upload')}
              </SheetUpload>
            </>
          )}
        </>
      }
    >
      {list.isError && !list.data ? (
        <FailedState title={t('calendar.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : (
        <Table<CalendarRow>
          rowKey={(row) => `${row.day} ${String(row.userID)}`}
          size="middle"
          loading={list.isFetching && { delay: 200 }}
          columns={columns}
          dataSource={(list.data ?? []).filter((row) => !onlyClashes || row.clashes.length > 0)}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 50, showSizeChanger: false }}
        />
      )}
      <Modal
        open={editing !== null}
        title={editing?.what === 'stops' ? t('calendar.editStops') : t('calendar.editHours')}
        okText={t('common.save')}
        okButtonProps={{ loading: save.isPending, 'data-testid': 'calendar-save' }}
        onOk={() => {
          if (editing) save.mutate(editing);
        }}
        onCancel={() => {
          setEditing(null);
        }}
      >
        {editing?.what === 'hours' && (
          <DatePicker
            value={editing.day}
            allowClear={false}
            aria-label={t('calendar.day')}
            onChange={(next) => {
              if (next) editHours(next);
            }}
          />
        )}
        <p>{editing?.what === 'stops' ? t('calendar.stopsHint') : t('calendar.editHint')}</p>
        <Input.TextArea
          rows={6}
          value={editing?.text ?? ''}
          aria-label={editing?.what === 'stops' ? t('calendar.editStops') : t('calendar.editHours')}
          data-testid="calendar-lines"
          onChange={(event) => {
            if (editing) setEditing({ ...editing, text: event.target.value });
          }}
        />
      </Modal>
    </PageFrame>
  );
}
