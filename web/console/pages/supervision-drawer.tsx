/** One running session as a supervisor stands to it (docs/supervision.md): hear, whisper, speak, own, give back. */
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/message.js';
import type { WallSession } from '../../../contract/wall.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { Composer } from '../thread/composer.js';
import { SayLine } from '../thread/say-line.js';
import { Thread } from '../thread/thread.js';
import { useThread } from '../thread/use-thread.js';
import { sentenceOf } from '../ui/problem.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { NotesPanel } from '../workbench/notes.js';

export const WALL = ['wall'];
type Rung = 'OUT' | 'WATCH' | 'CO_CHAT' | 'OWNER';
type Step = 'WATCH' | 'CO_CHAT' | 'TAKE_OVER';

const rungOf = (session: WallSession | undefined, id: string): Rung =>
  session?.counselor?.id === id
    ? 'OWNER'
    : (session?.watchers.find((entry) => entry.id === id)?.mode ?? 'OUT');
/** Which steps lead further from each rung. */
const STEPS: Record<Rung, readonly Step[]> = {
  OUT: ['WATCH', 'CO_CHAT', 'TAKE_OVER'],
  WATCH: ['CO_CHAT', 'TAKE_OVER'],
  CO_CHAT: ['WATCH', 'TAKE_OVER'],
  OWNER: [],
};

function Talk({ id, maySpeak }: { id: string; maySpeak: boolean }) {
  const { t } = useTranslation();
  const { view, items, loadOlder, error, retryLoad } = useThread(id);
  const [quoting, setQuoting] = useState<Message | null>(null);
  if (view?.gone) return <EmptyState title={t('conversation.gone')} />;
  if (error) return <FailedState title={t('thread.failedLoad')} error={error} retry={retryLoad} />;
  if (!view?.loaded) return <RowSkeletons rows={5} />;
  return (
    <>
      <Thread
        items={items}
        view={view}
        conversation={view.conversation}
        hasOlder={view.hasOlder}
        loadingOlder={view.loadingOlder}
        loadOlder={loadOlder}
        {...(maySpeak ? { onQuote: setQuoting } : {})}
      />
      {maySpeak && (
        <Composer
          conversationId={id}
          quoting={quoting}
          stopQuoting={() => {
            setQuoting(null);
          }}
        />
      )}
    </>
  );
}

function Whisper({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const whispering = useMutation({
    mutationFn: (said: string) =>
      send('POST', `/api/v1/conversations/${id}/whisper`, { clientMsgId: crypto.randomUUID(), text: said }),
    onSuccess: () => void message.success(t('supervision.whispered')),
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <SayLine
      label={t('supervision.whisper')}
      hint={t('supervision.whisperHint')}
      send={t('supervision.whisper')}
      testId="whisper"
      sendTestId="whisper-send"
      busy={whispering.isPending}
      say={whispering.mutateAsync}
    />
  );
}

/** Read when they are asked for: a reading is written down. */
function Notes({ id, writes }: { id: string; writes: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details
      className="notes-fold"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary data-testid="notes-fold">{t('notes.title')}</summary>
      {open && <NotesPanel session={id} writes={writes} />}
    </details>
  );
}

function Session({ id, session }: { id: string; session: WallSession | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const rung = rungOf(session, me.id);
  const moving = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      send('POST', `/api/v1/conversations/${id}/${path}`, body),
    onSuccess: () => cache.invalidateQueries({ queryKey: WALL }),
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const move = (path: string, body: object = {}) => {
    moving.mutate({ path, body });
  };
  return (
    <div className="supervised" data-testid="supervised" data-rung={rung}>
      <div className="supervised-steps">
        {STEPS[rung].map((step) => (
          <Button
            key={step}
            type={step === 'WATCH' && rung === 'OUT' ? 'primary' : 'default'}
            danger={step === 'TAKE_OVER'}
            loading={moving.isPending}
            data-testid={`step-${step}`}
            onClick={() => {
              move('step-in', { step });
            }}
          >
            {t(`supervision.step.${step}`)}
          </Button>
        ))}
        {(rung === 'WATCH' || rung === 'CO_CHAT') && (
          <Button
            data-testid="step-out"
            onClick={() => {
              move('step-out');
            }}
          >
            {t('supervision.stepOut')}
          </Button>
        )}
        {rung === 'OWNER' &&
          (['counselor', 'queue'] as const).map((to) => (
            <Button
              key={to}
              data-testid={`hand-back-${to}`}
              onClick={() => {
                move('hand-back', { to });
              }}
            >
              {t(`supervision.handBack.${to}`)}
            </Button>
          ))}
      </div>
      <p className="supervised-hint">{t(`supervision.rung.${rung}`)}</p>
      {rung === 'OUT' ? (
        <EmptyState title={t('supervision.out')} hint={t('supervision.outHint')} />
      ) : (
        <Talk id={id} maySpeak={rung === 'CO_CHAT' || rung === 'OWNER'} />
      )}
      {rung !== 'OWNER' && <Whisper id={id} />}
      <Notes id={id} writes={session !== undefined} />
    </div>
  );
}

interface Props {
  id: string | null;
  /** The session's row on the wall; undefined once it is not there any more. */
  session: WallSession | undefined;
  close: () => void;
}

export function SupervisionDrawer({ id, session, close }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      title={t('supervision.sessionOf', {
        counselor: session?.counselor?.name ?? t('common.none'),
        visitor: session?.visitor?.name ?? t('common.unnamed'),
      })}
      size={Math.min(760, window.innerWidth)}
      destroyOnHidden
      classNames={{ body: 'transcript-body' }}
    >
      {id !== null && <Session key={id} id={id} session={session} />}
    </Drawer>
  );
}
