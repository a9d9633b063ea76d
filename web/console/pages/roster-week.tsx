/**
 * The roster of a week: a row a person, a column a day. A drag over cells puts people on duty, or takes them off when
 * it begins on somebody who is; a click or Space changes one cell. What was changed can be taken back.
 */
import { useEffect, useState } from 'react';
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { CheckOutlined, RedoOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Arrange, DutyRow } from '../../../contract/arrange.js';
import type { StaffRow } from '../../../contract/user.js';
import { getPage, send } from '../api/http.js';
import { useStaff } from '../api/staff.js';
import { startOfDay, type Day } from '../ui/days.js';
import { sentenceOf } from '../ui/problem.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { DAY, fullDate } from '../ui/time.js';
import type { RosterKind } from './roster.js';

/** Contract: 1 = Monday … 7 = Sunday. */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

const mondayOf = (day: Day) => startOfDay(day) - ((day.day() + 6) % 7) * DAY;
const cellOf = (user: string, timestamp: number) => `${user} ${String(timestamp)}`;

/** Who is on duty: the roster row of each cell. */
function useWeek(days: number[], type: RosterKind) {
  return useQueries({
    queries: days.map((timestamp) => ({
      queryKey: ['roster', timestamp, type],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getPage<DutyRow>('/arrange/theday', { timestamp, type, size: 200 }, signal),
    })),
    combine: (answers) => ({
      rows: new Map(
        answers.flatMap(({ data }, at) =>
          (data?.rows ?? []).map((row) => [cellOf(row.user.id, days[at] ?? 0), row.id] as const),
        ),
      ),
      isPending: answers.some(({ isPending }) => isPending),
      failed: answers.find(({ isError, data }) => isError && data === undefined) ?? null,
    }),
  });
}

interface Change {
  /** By the start of the day. */
  add: Map<number, string[]>;
  /** Roster rows, and whose they are, to bring them back. */
  remove: { id: string; user: string; timestamp: number }[];
}

async function apply({ add, remove }: Change): Promise<Change> {
  const made = await Promise.all(
    [...add].map(([timestamp, users]) => send<Arrange[]>('PUT', '/arrange', { timestamp, users })),
  );
  await Promise.all(remove.map(({ id }) => send('DELETE', `/arrange/${id}`)));
  const back = new Map<number, string[]>();
  for (const { user, timestamp } of remove) back.set(timestamp, [...(back.get(timestamp) ?? []), user]);
  return {
    add: back,
    remove: made.flat().map(({ id, timestamp, user }) => ({ id, timestamp, user: user.id })),
  };
}

/** Sends a change, shows it, and offers to take it back. */
function useApply(done: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const renew = () => cache.invalidateQueries({ queryKey: ['roster'] });
  return useMutation({
    mutationFn: apply,
    onSuccess: async (back) => {
      await renew();
      done();
      const undo = () => {
        message.destroy('roster');
        void apply(back).then(renew, (error: unknown) => message.error(sentenceOf(error)));
      };
      void message.success({
        key: 'roster',
        duration: 10,
        content: (
          <>
            {t('roster.changed')}
            <Button type="link" size="small" data-testid="roster-undo" onClick={undo}>
              {t('roster.undo')}
            </Button>
          </>
        ),
      });
    },
    onError: async (error) => {
      await renew();
      done();
      void message.error(sentenceOf(error, t('roster.addFailed')), 6);
    },
  });
}

function WeeklyRule({ person, close }: { person: StaffRow; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [weekDays, setWeekDays] = useState<number[]>([]);
  const saving = useMutation({
    mutationFn: () => send('POST', '/arrange/batch', { user: person.id, weekDays }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['roster'] });
      void message.success(t('roster.ruleSaved'));
      close();
    },
    onError: (error) => void message.error(sentenceOf(error, t('roster.addFailed')), 6),
  });
  return (
    <Modal
      open
      title={t('roster.rule', { name: person.name ?? person.username ?? '' })}
      okText={t(weekDays.length === 0 ? 'roster.ruleEnd' : 'common.save')}
      okButtonProps={{ 'data-testid': 'rule-save', loading: saving.isPending }}
      cancelText={t('common.cancel')}
      onOk={() => {
        saving.mutate();
      }}
      onCancel={close}
    >
      <p>{t('roster.ruleHint')}</p>
      <Checkbox.Group
        value={weekDays}
        options={WEEKDAYS.map((value) => ({ value, label: t(`roster.weekday.d${value}`) }))}
        onChange={setWeekDays}
      />
    </Modal>
  );
}

/** A drag: what it does to the cells that it has gone over. */
interface Stroke {
  to: boolean;
  cells: Map<string, { user: string; timestamp: number }>;
}

export function RosterWeek({ kind, day, planning }: { kind: RosterKind; day: Day; planning: boolean }) {
  const { t } = useTranslation();
  const monday = mondayOf(day);
  const days = WEEKDAYS.map((weekday) => monday + (weekday - 1) * DAY);
  const staff = useStaff(kind);
  const week = useWeek(days, kind);
  const [stroke, setStroke] = useState<Stroke | null>(null);
  const [ruled, setRuled] = useState<StaffRow | null>(null);
  const applying = useApply(() => {
    setStroke(null);
  });
  const { mutate } = applying;
  const isSent = applying.isPending;

  const settle = (drawn: Stroke) => {
    const change: Change = { add: new Map(), remove: [] };
    for (const [cell, { user, timestamp }] of drawn.cells) {
      const id = week.rows.get(cell);
      if (drawn.to && id === undefined)
        change.add.set(timestamp, [...(change.add.get(timestamp) ?? []), user]);
      if (!drawn.to && id !== undefined) change.remove.push({ id, user, timestamp });
    }
    mutate(change);
  };
  const over = (user: string, timestamp: number) => {
    setStroke(
      (before) =>
        before && {
          ...before,
          cells: new Map(before.cells).set(cellOf(user, timestamp), { user, timestamp }),
        },
    );
  };

  // The button may be let go anywhere.
  useEffect(() => {
    if (stroke === null || isSent) return;
    const lift = () => {
      settle(stroke);
    };
    addEventListener('pointerup', lift);
    return () => {
      removeEventListener('pointerup', lift);
    };
  });

  const title = kind === 'COUNSELOR' ? t('roster.counselors') : t('roster.supervisors');
  if (staff.isPending || week.isPending) return <RowSkeletons rows={4} />;
  const failed = staff.isError && !staff.data ? staff : week.failed;
  if (failed)
    return (
      <FailedState title={t('roster.failed')} error={failed.error} retry={() => void failed.refetch()} />
    );
  return (
    <div className="roster-week" data-testid={`week-${kind}`}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('roster.name')}</th>
            {days.map((timestamp) => (
              <th key={timestamp} scope="col">
                {fullDate(timestamp).replace(/^.*?年/, '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(staff.data?.rows ?? []).map((person) => (
            <tr key={person.id}>
              <th scope="row">
                {person.name ?? person.username}
                {planning && (
                  <Button
                    type="text"
                    size="small"
                    icon={<RedoOutlined />}
                    title={t('roster.weekly')}
                    aria-label={`${t('roster.weekly')}：${person.name ?? ''}`}
                    data-testid="weekly"
                    onClick={() => {
                      setRuled(person);
                    }}
                  />
                )}
              </th>
              {days.map((timestamp) => {
                const cell = cellOf(person.id, timestamp);
                const on = stroke?.cells.has(cell) ? stroke.to : week.rows.has(cell);
                const begin = () => {
                  const cells = new Map([[cell, { user: person.id, timestamp }]]);
                  return { to: !week.rows.has(cell), cells };
                };
                return (
                  <td key={timestamp}>
                    <button
                      type="button"
                      className="roster-cell"
                      disabled={!planning || isSent}
                      aria-pressed={on}
                      aria-label={`${person.name ?? ''} ${fullDate(timestamp)}`}
                      data-testid="week-cell"
                      onPointerDown={(event) => {
                        // A finger that was captured would never be over the next cell.
                        event.currentTarget.releasePointerCapture(event.pointerId);
                        if (event.button === 0) setStroke(begin());
                      }}
                      onPointerEnter={() => {
                        over(person.id, timestamp);
                      }}
                      onClick={(event) => {
                        // From the keyboard: a pointer has drawn already.
                        if (event.detail === 0) settle(begin());
                      }}
                    >
                      {on && <CheckOutlined />}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {ruled && (
        <WeeklyRule
          person={ruled}
          close={() => {
            setRuled(null);
          }}
        />
      )}
    </div>
  );
}
