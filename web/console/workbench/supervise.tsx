/** Calling a supervisor: whom, who has answered, and the talk with them that no visitor hears. */
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { App, Button, Modal, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DutyRow } from '../../../contract/arrange.js';
import type { Conversation, SupervisorCall } from '../../../contract/conversation.js';
import { getPage, send } from '../api/http.js';
import { staffLabel, useStaff } from '../api/staff.js';
import { useClient } from '../live/context.js';
import { markRead } from '../live/inbox.js';
import { useThreadOf } from '../live/thread-of.js';
import { SayLine } from '../thread/say-line.js';
import { Thread } from '../thread/thread.js';
import { useThread } from '../thread/use-thread.js';
import { serverNow, useNow } from '../ui/now.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';
import { RowSkeletons } from '../ui/states.js';
import { countdown, DAY, dayOf } from '../ui/time.js';
import { showTool } from './tool.js';

/** Supervisors, today's first. */
function useSupervisors(enabled: boolean) {
  const { t } = useTranslation();
  const all = useStaff('SUPERVISOR', enabled);
  const today = useQuery({
    queryKey: ['roster', dayOf(serverNow()) * DAY, 'SUPERVISOR'],
    queryFn: ({ signal }) =>
      getPage<DutyRow>('/arrange/theday', { timestamp: serverNow(), type: 'SUPERVISOR' }, signal),
    enabled,
  });
  const onDuty = new Set((today.data?.rows ?? []).map(({ user }) => user.id));
  const options = (all.data?.rows ?? [])
    .map((row) => ({
      value: row.id,
      label: onDuty.has(row.id) ? t('supervise.onDuty', { name: staffLabel(row) }) : staffLabel(row),
      first: onDuty.has(row.id),
    }))
    .sort((a, b) => Number(b.first) - Number(a.first));
  return { options, loading: all.isPending };
}

export function SuperviseModal({
  session,
  open,
  close,
}: {
  session: string;
  open: boolean;
  close: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const { options, loading } = useSupervisors(open);
  const [chosen, setChosen] = useState<string | null>(null);
  const whom = chosen ?? options[0]?.value;
  const calling = useMutation({
    mutationFn: () =>
      send<Conversation>('PUT', '/conversation/supervise', { supervise: whom, conversationId: session }),
    onSuccess: (thread) => {
      client.adopt(thread);
      void message.success(t('supervise.called'));
      close();
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <Modal
      open={open}
      title={t('supervise.title')}
      okText={t('supervise.call')}
      cancelText={t('common.cancel')}
      confirmLoading={calling.isPending}
      okButtonProps={{ disabled: whom === undefined, 'data-testid': 'supervise-confirm' }}
      onOk={() => {
        calling.mutate();
      }}
      onCancel={close}
      destroyOnHidden
    >
      <p>{t('supervise.hint')}</p>
      <Picker
        className="wide"
        loading={loading}
        value={whom ?? null}
        label={t('supervise.whom')}
        placeholder={t('supervise.whom')}
        data-testid="supervise-whom"
        options={options}
        onChange={setChosen}
      />
    </Modal>
  );
}

function stateOf({ state, left, reached }: SupervisorCall) {
  if (left) return 'LEFT' as const;
  return state === 'CALLED' && !reached ? ('UNREACHED' as const) : state;
}
const COLOURS: Partial<Record<ReturnType<typeof stateOf>, string>> = {
  ACCEPTED: 'success',
  DECLINED: 'default',
  LEFT: 'default',
};

function Call({ call }: { call: SupervisorCall }) {
  const { t } = useTranslation();
  const now = useNow();
  const state = stateOf(call);
  const waits = call.state === 'CALLED';
  return (
    <li className="call" data-testid="call" data-state={state}>
      <span>{call.supervisor?.name ?? t('common.unnamed')}</span>
      {waits && <span className="number">{countdown(now - call.at)}</span>}
      <Tag color={COLOURS[state] ?? 'warning'}>{t(`supervise.state.${state}`)}</Tag>
    </li>
  );
}

function Talk({ thread }: { thread: Conversation }) {
  const { t } = useTranslation();
  const client = useClient();
  const { view, items, loadOlder } = useThread(thread.id);
  const newest = view?.messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (newest > 0) markRead(client, thread.id, newest);
  }, [client, thread.id, newest]);
  if (!view?.loaded) return <RowSkeletons rows={2} />;
  return (
    <>
      {items.length > 0 && (
        <div className="support-talk">
          <Thread
            items={items}
            view={view}
            conversation={view.conversation}
            hasOlder={view.hasOlder}
            loadingOlder={view.loadingOlder}
            loadOlder={loadOlder}
            retry={client.retry}
            discard={client.discard}
          />
        </div>
      )}
      <SayLine
        label={t('supervise.say')}
        hint={t('supervise.sayHint')}
        send={t('composer.send')}
        testId="support-say"
        sendTestId="support-send"
        say={(words) => {
          client.send(thread.id, words);
        }}
      />
    </>
  );
}

export function SuperviseSection({ session }: { session: string }) {
  const { t } = useTranslation();
  const thread = useThreadOf(session);
  const calls = thread?.calls ?? [];
  const nobody =
    calls.length > 0 &&
    calls.every(({ state, left }) => state !== 'CALLED' && (left || state !== 'ACCEPTED'));
  return (
    <section data-testid="support-supervise">
      <h4>{t('supervise.section')}</h4>
      {calls.length === 0 && <p className="state-hint is-plain">{t('supervise.none')}</p>}
      <ul className="calls-made">
        {calls.map((call) => (
          <Call key={call.supervisor?.id ?? call.at} call={call} />
        ))}
      </ul>
      {nobody && (
        <p className="warn-words" role="alert">
          {t('supervise.nobody')}
        </p>
      )}
      {thread && <Talk key={thread.id} thread={thread} />}
      <Button
        block
        data-testid="supervise"
        onClick={() => {
          showTool('supervise');
        }}
      >
        {t(calls.length === 0 ? 'supervise.call' : 'supervise.callAnother')}
      </Button>
    </section>
  );
}
