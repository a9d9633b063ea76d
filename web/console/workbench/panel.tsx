/** The middle: header, thread, composer of one conversation. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { App } from 'antd';
import { MessageOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/message.js';
import { useActions, type Action } from '../keys/registry.js';
import { useClient } from '../live/context.js';
import { isMine, markRead, useInbox } from '../live/inbox.js';
import { overlapOf } from '../live/overlap.js';
import { useDrafts } from '../state/drafts.js';
import { useMe } from '../state/session.js';
import { Composer, type ComposerHandle } from '../thread/composer.js';
import { useFind } from '../thread/find.js';
import { useTarget } from '../thread/jump.js';
import { Thread } from '../thread/thread.js';
import { useThread } from '../thread/use-thread.js';
import { serverNow } from '../ui/now.js';
import { sentenceOf } from '../ui/problem.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { PanelHeader } from './panel-header.js';
import { WhisperStrip } from './whisper-strip.js';

interface PanelProps {
  id: string;
  /** Given where the context pane is a drawer. */
  showInfo?: (() => void) | undefined;
  back: boolean;
}

function useEnd(id: string) {
  const { t } = useTranslation();
  const client = useClient();
  const { modal, message } = App.useApp();
  return useCallback(
    (name: string) => {
      const hasDraft = (useDrafts.getState().drafts[id] ?? '').trim() !== '';
      modal.confirm({
        title: t('conversation.endTitle', { name }),
        content: (
          <>
            <p>{t('conversation.endBody')}</p>
            {hasDraft && <p className="warn-words">{t('conversation.hasDraft')}</p>}
          </>
        ),
        okText: t('conversation.endConfirm'),
        okButtonProps: { danger: true, 'data-testid': 'end-confirm' },
        cancelText: t('common.cancel'),
        maskClosable: true,
        onOk: async () => {
          try {
            await client.end(id);
            useDrafts.getState().write(id, '');
          } catch (error) {
            void message.error(sentenceOf(error, t('conversation.endFailed')));
          }
        },
      });
    },
    [client, id, message, modal, t],
  );
}

/** Tells the inbox what is in front of somebody, so that it stays quiet about it. */
function useWatched(id: string) {
  useEffect(() => {
    useInbox.setState({ watched: id });
    return () => {
      useInbox.setState({ watched: null });
    };
  }, [id]);
}

export function ConversationPanel({ id, showInfo, back }: PanelProps) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useClient();
  const { view, items, loadOlder, error, retryLoad } = useThread(id);
  const composer = useRef<ComposerHandle>(null);
  const find = useFind(id);
  const target = useTarget(id);
  const askToEnd = useEnd(id);
  const [quoting, setQuoting] = useState<Message | null>(null);
  const stopQuoting = useCallback(() => {
    setQuoting(null);
  }, []);
  useWatched(id);

  const conversation = view?.conversation ?? null;
  const mine = conversation !== null && isMine(conversation, me);
  // Who gave it away by a warm transfer speaks on for a while.
  const maySpeak = mine || overlapOf(view, serverNow())?.from === me.id;
  const name = conversation?.visitor?.name ?? t('common.unnamed');
  const newest = view?.messages.at(-1)?.seq ?? 0;
  const onSeen = useCallback(() => {
    if (mine && newest > 0) markRead(client, id, newest);
  }, [client, id, mine, newest]);

  const actions = useMemo<Action[]>(
    () => [
      {
        id: 'conversation.reply',
        group: 'conversation',
        title: t('keys.reply'),
        keys: { alt: true, code: 'KeyL' },
        disabled: !mine,
        run: () => composer.current?.focus(),
      },
      {
        id: 'conversation.end',
        group: 'conversation',
        title: t('keys.end'),
        keys: { alt: true, code: 'KeyE' },
        disabled: !mine,
        run: () => {
          askToEnd(name);
        },
      },
    ],
    [t, mine, name, askToEnd],
  );
  useActions('panel', actions);

  // Opening a conversation of one's own is done to answer it.
  useEffect(() => {
    if (mine && matchMedia('(pointer: fine)').matches) composer.current?.focus();
  }, [mine]);

  const typing = (view?.typing ?? []).some((userId) => userId !== me.id);
  return (
    <section className="panel" aria-label={name} data-testid="conversation" data-id={id}>
      <PanelHeader
        conversation={conversation}
        mine={mine}
        back={back}
        showInfo={showInfo}
        find={find.open}
        end={() => {
          askToEnd(name);
        }}
      />
      {find.bar}
      {view?.gone ? (
        <EmptyState title={t('conversation.gone')} />
      ) : error ? (
        <FailedState title={t('thread.failedLoad')} error={error} retry={retryLoad} />
      ) : !view?.loaded ? (
        <RowSkeletons rows={5} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<MessageOutlined />}
          title={t('thread.empty')}
          hint={mine ? t('thread.emptyHint') : undefined}
        />
      ) : (
        <Thread
          items={items}
          view={view}
          conversation={conversation}
          hasOlder={view.hasOlder}
          loadingOlder={view.loadingOlder}
          loadOlder={loadOlder}
          retry={client.retry}
          discard={client.discard}
          onSeen={onSeen}
          target={target}
          {...(maySpeak ? { onQuote: setQuoting } : {})}
        />
      )}
      <p className="typing" aria-live="polite" data-testid="typing">
        {view?.catchingUp ? t('thread.lost') : typing ? t('thread.typing', { name }) : ''}
      </p>
      {mine && <WhisperStrip session={id} />}
      {maySpeak ? (
        <Composer ref={composer} conversationId={id} quoting={quoting} stopQuoting={stopQuoting} />
      ) : (
        conversation && (
          <p className="read-only" data-testid="read-only">
            {conversation.status === 'WAITING'
              ? t('conversation.waiting')
              : conversation.status === 'IN_PROGRESS'
                ? t('conversation.notMine')
                : t('conversation.readOnly')}
          </p>
        )
      )}
    </section>
  );
}
