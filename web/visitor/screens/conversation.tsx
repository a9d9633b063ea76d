/** Waiting and talking are one screen: what was written while waiting is simply there when somebody comes. */
import { useEffect, useState } from 'react';
import type { ConversationView } from '../../../contract/client.js';
import type { Message } from '../../../contract/message.js';
import { useStore } from '../../shared/store.js';
import { client, session } from '../hotline.js';
import { Banner } from '../parts/banner.js';
import { Composer } from '../parts/composer.js';
import { Header } from '../parts/header.js';
import { nameOfSaid } from '../parts/message-row.js';
import { MessageList } from '../parts/message-list.js';
import { nameOf } from '../parts/person.js';
import { Confirm } from '../parts/sheet.js';
import { TimNotice } from '../parts/tim-notice.js';
import { t } from '../text.js';
import { useIntake } from './intake-sheet.js';
import { WaitingCard } from './waiting-card.js';

/** From here on the time left is shown in another colour: cues at 10, 5 and 1 minute. */
const cueOf = (minutes: number) =>
  minutes <= 1 ? 'last' : minutes <= 5 ? 'soon' : minutes <= 10 ? 'near' : 'calm';

function TimeLeft({ limit }: { limit: number }) {
  const offset = useStore(client, (state) => state.clockOffset);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 5000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const minutes = Math.max(0, (limit - now - offset) / 60_000);
  return (
    <span className={`time-left ${cueOf(minutes)}`} data-testid="time-left">
      {minutes < 1 ? t('timeLeftSoon') : t('timeLeft', { minutes: Math.ceil(minutes) })}
    </span>
  );
}

export function ConversationScreen({ view }: { view: ConversationView }) {
  const [ending, setEnding] = useState(false);
  const [quoting, setQuoting] = useState<Message | null>(null);
  const me = useStore(session, (state) => state.me?.id);
  const { conversation } = view;
  const waiting = conversation?.status === 'WAITING';
  const name = nameOf(conversation?.counselor ?? null);
  const intake = useIntake(waiting ? view.id : null);

  useEffect(() => {
    client.load(view.id).catch(() => undefined);
  }, [view.id]);

  const end = () => {
    setEnding(false);
    // Refused or lost: the conversation is still on the screen, and the banner says why.
    client.end(view.id).catch(() => undefined);
  };
  const ask = () => {
    setEnding(true);
  };

  return (
    <div className="screen fixed" data-testid="conversation" data-status={conversation?.status}>
      <Header title={waiting ? t('appName') : name} heading={!waiting} />
      <main className="chat">
        {!waiting && (
          <div className="chat-bar">
            <span className="serving">{t('counselorServing')}</span>
            {conversation?.limitTime != null && <TimeLeft limit={conversation.limitTime} />}
            <button type="button" className="button small" data-testid="end-chat" onClick={ask}>
              {t('endChat')}
            </button>
          </div>
        )}
        <Banner />
        {conversation?.counselorBackBy != null && (
          <p className="banner reconnecting" role="status" data-testid="counselor-lost">
            {t('counselorLost')}
          </p>
        )}
        <TimNotice conversationId={view.id} />
        {waiting && <WaitingCard view={view} intake={intake.value} onAnswered={intake.load} onLeave={ask} />}
        <MessageList key={view.id} view={view} live onQuote={setQuoting} />
        <div className="typing" role="status" data-testid="typing">
          {view.typing.length > 0 && t('typing', { name })}
        </div>
        {intake.value?.required === true ? (
          <p className="composer soft" role="note" data-testid="intake-first">
            {t('intakeFirst')}
          </p>
        ) : (
          <Composer
            view={view}
            waiting={waiting}
            quoting={quoting}
            stopQuoting={() => {
              setQuoting(null);
            }}
            nameOfQuoted={(said) => nameOfSaid(said, me, conversation)}
          />
        )}
      </main>
      {ending && (
        <Confirm
          testId="confirm-end"
          title={t(waiting ? 'leaveQueueTitle' : 'endTitle')}
          text={t(waiting ? 'leaveQueueText' : 'endText')}
          confirm={t(waiting ? 'leaveQueueConfirm' : 'endConfirm')}
          cancel={t(waiting ? 'keepWaiting' : 'endCancel')}
          onConfirm={end}
          onCancel={() => {
            setEnding(false);
          }}
        />
      )}
    </div>
  );
}
