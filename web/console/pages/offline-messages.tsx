/** Messages that visitors left while nobody was there: somebody takes one, reads it, says what was done. */
import { useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MailOutlined } from '@ant-design/icons';
import { App, Button, Input, Modal, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { OFFLINE_STATES, type OfflineState } from '../../../contract/enums.js';
import type { OfflineMessage, WholeOfflineMessage } from '../../../contract/offline-message.js';
import { get, getPage, send } from '../api/http.js';
import { OFFLINE } from '../live/incoming.js';
import { isCounselor, useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';
import { PagedTable } from '../ui/query-table.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { UrgencyTag } from '../ui/urgency.js';

const SIZE = 20;
const PATH = '/api/v1/offline-messages';

function useStep(done?: () => void) {
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({
      id,
      step,
      remark,
    }: {
      id: string;
      step: 'take' | 'release' | 'finish';
      remark?: string;
    }) => send('POST', `${PATH}/${id}/${step}`, remark === undefined ? {} : { remark }),
    onSuccess: () => done?.(),
    onError: (error) => void message.error(sentenceOf(error), 6),
    onSettled: () => cache.invalidateQueries({ queryKey: OFFLINE }),
  });
}

/** Reading it is written down, so it is asked for only when it is opened. */
function Whole({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [remark, setRemark] = useState('');
  const whole = useQuery({
    queryKey: [...OFFLINE, 'whole', id],
    queryFn: ({ signal }) => get<WholeOfflineMessage>(`${PATH}/${id}`, undefined, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  const step = useStep(close);
  const row = whole.data;
  const mine = row?.state === 'TAKEN' && row.taker?.id === me.id;
  return (
    <Modal
      open
      title={t('offline.title')}
      onCancel={close}
      footer={
        mine && (
          <>
            <Button
              data-testid="offline-release"
              disabled={step.isPending}
              onClick={() => {
                step.mutate({ id, step: 'release' });
              }}
            >
              {t('offline.release')}
            </Button>
            <Button
              type="primary"
              data-testid="offline-finish"
              disabled={remark.trim() === ''}
              loading={step.isPending}
              onClick={() => {
                step.mutate({ id, step: 'finish', remark: remark.trim() });
              }}
            >
              {t('offline.finish')}
            </Button>
          </>
        )
      }
    >
      {row === undefined ? (
        whole.isError ? (
          <FailedState title={t('offline.failed')} error={whole.error} retry={() => void whole.refetch()} />
        ) : (
          <RowSkeletons />
        )
      ) : (
        <div className="policy-list" data-testid="offline-whole">
          <UrgencyTag urgency={row.urgency} />
          <p className="words">{row.text}</p>
          <p>{t('offline.contact', { contact: row.contact ?? t('common.none') })}</p>
          {row.remark !== null && <p>{t('offline.remarkIs', { remark: row.remark })}</p>}
          {mine && (
            <Input.TextArea
              rows={3}
              maxLength={1_000}
              value={remark}
              aria-label={t('offline.remark')}
              placeholder={t('offline.remark')}
              data-testid="offline-remark"
              onChange={(event) => {
                setRemark(event.target.value);
              }}
            />
          )}
        </div>
      )}
    </Modal>
  );
}

export function OfflineMessages() {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const [state, setState] = useState<OfflineState | 'ALL'>('OPEN');
  const [page, setPage] = useState(1);
  const [reading, setReading] = useState<string | null>(null);
  const query = { page, size: SIZE, ...(state === 'ALL' ? {} : { state }) };
  const list = useQuery({
    queryKey: [...OFFLINE, query],
    queryFn: ({ signal }) => getPage<OfflineMessage>(PATH, query, signal),
    placeholderData: keepPreviousData,
  });
  // Shown among the taken ones once it is: asked for sooner, that list would not have it yet.
  const take = useStep(() => {
    setState('TAKEN');
  });
  return (
    <section data-testid="offline-messages">
      <h2>{t('offline.title')}</h2>
      <p className="state-hint is-plain">{t('offline.hint')}</p>
      <Picker
        label={t('offline.state')}
        data-testid="offline-state"
        value={state}
        options={(['ALL', ...OFFLINE_STATES] as const).map((value) => ({
          value,
          label: t(`offline.states.${value}`),
        }))}
        onChange={(next) => {
          setPage(1);
          setState(next);
        }}
      />
      <PagedTable<OfflineMessage>
        query={list}
        failed={t('offline.failed')}
        empty={{ icon: <MailOutlined />, title: t('offline.none'), hint: t('offline.noneHint') }}
        rowKey="id"
        columns={[
          {
            title: t('queuePage.visitor'),
            render: (_, row) => (
              <>
                {row.visitor.name ?? t('common.unnamed')} <UrgencyTag urgency={row.urgency} />
              </>
            ),
          },
          { title: t('offline.left'), render: (_, row) => dateTime(row.createdTime, now) },
          { title: t('offline.state'), render: (_, row) => <Tag>{t(`offline.states.${row.state}`)}</Tag> },
          { title: t('offline.taker'), render: (_, row) => row.taker?.name ?? t('common.none') },
          {
            key: 'step',
            render: (_, row) =>
              row.state === 'OPEN' ? (
                <Button
                  size="small"
                  type="primary"
                  data-testid="offline-take"
                  disabled={take.isPending}
                  onClick={() => {
                    take.mutate({ id: row.id, step: 'take' });
                  }}
                >
                  {t('offline.take')}
                </Button>
              ) : (
                (row.taker?.id === me.id || !isCounselor(me)) && (
                  <Button
                    size="small"
                    data-testid="offline-open"
                    onClick={() => {
                      setReading(row.id);
                    }}
                  >
                    {t('offline.read')}
                  </Button>
                )
              ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
      {reading !== null && (
        <Whole
          id={reading}
          close={() => {
            setReading(null);
          }}
        />
      )}
    </section>
  );
}
