/** Giving a running session away: to somebody who says yes, or back to the queue. A high-risk one never to nobody. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Transfer } from '../../../contract/transfer.js';
import type { Wall } from '../../../contract/wall.js';
import { get, send } from '../api/http.js';
import { staffLabel, useStaff } from '../api/staff.js';
import { TRANSFERS, useTransfers } from '../live/incoming.js';
import { overlapOf } from '../live/overlap.js';
import { useClient, useConversation } from '../live/context.js';
import { useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { useNow } from '../ui/now.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';
import { countdown } from '../ui/time.js';
import { showTool } from './tool.js';

const PARTS = ['state', 'risk', 'plan', 'next'] as const;
type Note = Partial<Record<(typeof PARTS)[number], string>>;
interface Values extends Note {
  way: 'ask' | 'queue';
  counselor?: string;
}

/** The wall knows the risk of one's own sessions; a session itself, which its visitor hears of, does not tell it. */
function useHighRisk(session: string, enabled: boolean) {
  const wall = useQuery({
    queryKey: ['wall'],
    queryFn: ({ signal }) => get<Wall>('/api/v1/wall', undefined, signal),
    enabled,
  });
  return wall.data?.sessions.some((row) => row.conversationId === session && row.risk === 'high') === true;
}

/** Colleagues with what they hold; who is off line or full can't be asked. */
function useTargets(enabled: boolean) {
  const { t } = useTranslation();
  const me = useMe();
  const list = useStaff('COUNSELOR', enabled);
  return (list.data?.rows ?? [])
    .filter(({ id }) => id !== me.id)
    .map((row) => {
      const [active, max] = [row.activeCount ?? 0, row.maxConsults ?? 0];
      const free = row.state === 'online' && active < max;
      const seats = row.state === 'online' ? `${String(active)}/${String(max)}` : '';
      const state = row.state === null ? '' : t(`presence.${row.state}`);
      return { value: row.id, label: `${staffLabel(row)} · ${state} ${seats}`, disabled: !free };
    })
    .sort((a, b) => Number(a.disabled) - Number(b.disabled));
}

const trimmed = (values: Values): Note =>
  Object.fromEntries(
    PARTS.flatMap((part) => {
      const words = values[part]?.trim() ?? '';
      return words === '' ? [] : [[part, words]];
    }),
  );

export function TransferModal({
  session,
  open,
  close,
}: {
  session: string;
  open: boolean;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const client = useClient();
  const [form] = Form.useForm<Values>();
  // Nothing stands in the form before its first drawing.
  const way = (Form.useWatch('way', form) as Values['way'] | undefined) ?? 'ask';
  const high = useHighRisk(session, open);
  const targets = useTargets(open);
  const giving = useMutation({
    async mutationFn(values: Values) {
      const note = trimmed(values);
      const path = `/api/v1/conversations/${session}`;
      if (values.way === 'ask')
        await send<Transfer>('POST', `${path}/transfer-offer`, { counselor: values.counselor, note });
      else await send('POST', `${path}/give-back`, note.state === undefined ? {} : { note });
    },
    onSuccess: async (_answer, values) => {
      void message.success(t(values.way === 'ask' ? 'transfer.asked' : 'transfer.givenBack'));
      form.resetFields();
      close();
      await Promise.all([cache.invalidateQueries({ queryKey: TRANSFERS }), client.sync([session])]);
    },
    onError: (error) => void message.error(sentenceOf(error), 6),
  });
  return (
    <FormModal<Values>
      open={open}
      title={t('transfer.title')}
      okText={t(way === 'ask' ? 'transfer.ask' : 'transfer.giveBack')}
      okTestId="transfer-confirm"
      busy={giving.isPending}
      close={close}
      form={form}
      initialValues={{ way: 'ask' }}
      onFinish={(values) => {
        giving.mutate(values);
      }}
    >
      <Form.Item name="way" label={t('transfer.way.label')}>
        <Radio.Group
          options={(['ask', 'queue'] as const).map((value) => ({
            value,
            label: t(`transfer.way.${value}`),
            disabled: high && value === 'queue',
          }))}
        />
      </Form.Item>
      <p className="state-hint is-plain">{t(high ? 'transfer.high' : `transfer.wayHint.${way}`)}</p>
      {way === 'ask' && (
        <Form.Item
          name="counselor"
          label={t('transfer.whom')}
          rules={[{ required: true, message: t('transfer.needWhom') }]}
        >
          <Picker
            options={targets}
            label={t('transfer.whom')}
            data-testid="transfer-whom"
            notFoundContent={t('transfer.nobody')}
          />
        </Form.Item>
      )}
      {PARTS.map((part) => (
        <Form.Item
          key={part}
          name={part}
          label={t(`transfer.note.${part}`)}
          rules={[
            {
              required: high || (way === 'ask' && part === 'state'),
              whitespace: true,
              message: t('transfer.needNote'),
            },
          ]}
        >
          <Input.TextArea
            autoSize={{ minRows: 1, maxRows: 4 }}
            maxLength={1_000}
            data-testid={`note-${part}`}
          />
        </Form.Item>
      ))}
    </FormModal>
  );
}

function Standing({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const now = useNow();
  const withdrawing = useMutation({
    mutationFn: () => send('POST', `/api/v1/conversations/${transfer.conversation.id}/transfer-withdraw`, {}),
    onError: (error) => void message.error(sentenceOf(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: TRANSFERS }),
  });
  return (
    <p className="standing" data-testid="transfer-standing">
      <span>
        {t('transfer.standing', { name: transfer.to?.name ?? t('common.unnamed') })}{' '}
        <span className="number" role="timer">
          {countdown(transfer.until - now)}
        </span>
      </span>
      <Button
        size="small"
        loading={withdrawing.isPending}
        data-testid="transfer-withdraw"
        onClick={() => {
          withdrawing.mutate();
        }}
      >
        {t('transfer.withdraw')}
      </Button>
    </p>
  );
}

/** Both counselors are there: either may end it. */
function Overlapping({ session }: { session: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useClient();
  const { message } = App.useApp();
  const now = useNow();
  const overlap = overlapOf(useConversation(session), now);
  const ending = useMutation({
    mutationFn: () => send('POST', `/api/v1/conversations/${session}/end-overlap`, {}),
    // Whoever left hears nothing of the session any more, not even that they left.
    onSuccess: () => client.sync([session]),
    onError: (error) => void message.error(sentenceOf(error)),
  });
  if (overlap === null) return null;
  return (
    <p className="standing" data-testid="overlap">
      <span>
        {t(overlap.from === me.id ? 'transfer.overlapMine' : 'transfer.overlap')}{' '}
        <span className="number">{countdown(overlap.until - now)}</span>
      </span>
      <Button
        size="small"
        loading={ending.isPending}
        data-testid="end-overlap"
        onClick={() => {
          ending.mutate();
        }}
      >
        {t('transfer.endOverlap')}
      </Button>
    </p>
  );
}

/** @param mine the session is still this counselor's to give */
export function TransferSection({ session, mine }: { session: string; mine: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const standing = useTransfers().find(
    ({ conversation, from }) => conversation.id === session && from?.id === me.id,
  );
  return (
    <section data-testid="support-transfer">
      <h4>{t('transfer.section')}</h4>
      <Overlapping session={session} />
      {standing && <Standing transfer={standing} />}
      {mine && !standing && (
        <Button
          block
          data-testid="transfer"
          onClick={() => {
            showTool('transfer');
          }}
        >
          {t('transfer.title')}
        </Button>
      )}
    </section>
  );
}
